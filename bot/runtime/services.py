"""Builds the services, each with the parts that it needs."""

from datetime import timedelta
from functools import cached_property

from bot.domain.act import Act
from bot.domain.places import homes
from bot.domain.sign_in import SignInLink
from bot.ports.records import Person
from bot.ports.store import Unit
from bot.runtime import team
from bot.runtime.foundation import Foundation
from bot.services.anomalies import Anomalies
from bot.services.appeals import Appeals
from bot.services.audiences import Audiences
from bot.services.binding import Bindings
from bot.services.cases import Cases
from bot.services.console_address import ConsoleAddress
from bot.services.deadlines import Deadlines
from bot.services.evidence import EvidenceService
from bot.services.export import Exporter
from bot.services.forgetting import Forgetting
from bot.services.freshness import Freshness
from bot.services.heartbeat import Heartbeat
from bot.services.import_cards import ImportCards
from bot.services.importing import IMPORTED, DataChange, Importing
from bot.services.letters import Letters
from bot.services.linkwatch import LinkWatch
from bot.services.measuring import Measurer
from bot.services.memberships import Memberships
from bot.services.monitoring import Monitoring
from bot.services.notifying import Notifier
from bot.services.oncall import OnCall
from bot.services.owners import Owners
from bot.services.people import KnownPeople
from bot.services.publishing import Publisher
from bot.services.reminders import Reminders
from bot.services.replay import Replay
from bot.services.retention import Retention
from bot.services.review import Judge
from bot.services.sessions import Sessions
from bot.services.shop_register import ListedShops, ShopRegister
from bot.services.showing import Redactor
from bot.services.sign_in import SignIn
from bot.services.stale import StaleWatch
from bot.services.trail import Trail
from bot.services.undo import Undo
from bot.wording.signing import tried_again_card


class Services(Foundation):
    """The foundation, and the services built on it."""

    @cached_property
    def notifier(self) -> Notifier:
        """Queues a message for several channels, in the language of each."""
        return Notifier(self.card_factory, self.clock, self.settings.language)

    @cached_property
    def monitoring(self) -> Monitoring:
        """Measures the days of shops and opens cases when triggers fire."""
        anomalies = Anomalies(self.measurer, self.oncall.on_call, self.notifier)
        return Monitoring(self.access.units, self.measurer, anomalies)

    @cached_property
    def measurer(self) -> Measurer:
        """Reads the counts with which days are measured."""
        return Measurer(self.clock, self.config.policy)

    @cached_property
    def freshness(self) -> Freshness:
        """Says how new the data of shops are."""
        window = self.config.policy.measuring.rolling_days
        return Freshness(self.access.units, self.clock, team.expectation(self.settings), window)

    @cached_property
    def stale(self) -> StaleWatch:
        """Tells people of shops whose data should have come."""
        return StaleWatch(self.access.units, self.clock, self.freshness, self.notifier)

    @cached_property
    def heartbeat(self) -> Heartbeat | None:
        """Tells a watcher outside that the day's checks ran; None when the settings name none."""
        from bot.reading.heartbeat import HttpHeartbeat

        address = self.settings.check.heartbeat_url
        return Heartbeat(self.access.whole, self.clock, HttpHeartbeat(address)) if address else None

    @cached_property
    def replay(self) -> Replay:
        """Looks back at the days before a shop was watched."""
        return Replay(self.measurer, self.notifier, self.config.policy.measuring.rolling_days)

    @cached_property
    def importing(self) -> Importing:
        """Imports files and undoes imports."""
        return Importing(self.access.units, self.clock, self.measure_again, self.import_cards.undone)

    def measure_again(self, unit: Unit, change: DataChange) -> None:
        """Everything that follows from new data, in the transaction that brings them: days are measured again, the
        messages that tell of missing data are brought up to date, and a shop's first data are looked back at."""
        self.monitoring.remeasure(unit, change.shop, change.days, change.by, change.why, change.restores)
        self.stale.changed(unit, change.shop)
        if not change.restores:
            self.replay.first(unit, change.shop)

    @cached_property
    def import_cards(self) -> ImportCards:
        """Makes and queues the cards of received exports."""
        return ImportCards(self.notifier)

    def _undo_import(self, unit: Unit, act: Act, person: Person) -> None:
        """Undo the import that the act was, in the transaction that undoes the act."""
        number = str(act.changes["import"]["id"][1])
        self.importing.undone(unit, number, person.id)

    @cached_property
    def oncall(self) -> OnCall:
        """Says who is on call, and changes the rota."""
        sources = team.sources(self.settings, self.clock)
        return OnCall(self.access.units, self.clock, sources, self.people, self.rosters.workers)

    @cached_property
    def people(self) -> KnownPeople:
        """Finds people by what somebody called them."""
        return KnownPeople(self.access.units, team.people(self.settings), self.access.acquaintance)

    @cached_property
    def owners(self) -> Owners:
        """Assigns cases to people and tells them."""
        return Owners(self.cases, self.people, self.oncall.on_call, self.notifier, self.rosters.workers)

    @cached_property
    def reminders(self) -> Reminders:
        """Sends reminders and escalations of cases."""
        plan = team.plan(self.settings, self.config.policy)
        people = (self.judge, self.oncall, plan, self.rosters.leads)
        return Reminders(self.access.units, self.clock, *people, self.notifier)

    @cached_property
    def linkwatch(self) -> LinkWatch:
        """Checks the links of evidence again while a case is open."""
        return LinkWatch(self.access.units, self.clock, self.links, self.notifier)

    @cached_property
    def retention(self) -> Retention:
        """Deletes what finished cases kept, once the retention period is over."""
        days = self.config.policy.evidence.retention_days
        return Retention(self.access.units, self.clock, self.vault, days, self.notifier)

    @cached_property
    def cases(self) -> Cases:
        """Changes cases on behalf of people."""
        return Cases(self.access.units, self.clock, self.config.catalogue, self.monitoring.recount)

    @cached_property
    def judge(self) -> Judge:
        """Runs the rules on a case and drafts its explanations."""
        config, texts = self.config, self.card_factory
        return Judge(self.access.units, self.clock, config.policy, config.catalogue, config.lexicons, texts)

    @cached_property
    def evidence(self) -> EvidenceService:
        """Stores, reads and files evidence."""
        return EvidenceService(self.access.units, self.clock, self.vault, self.ahead, self.links, self.reader)

    @cached_property
    def redactor(self) -> Redactor:
        """Makes copies of evidence with personal data covered."""
        return Redactor(self.access.units, self.clock, self.vault, self.copy_maker)

    @cached_property
    def appeals(self) -> Appeals:
        """Records what people submitted and what the platform answered."""
        return Appeals(self.cases, self.judge, self.clock, self.config.codes)

    @cached_property
    def letters(self) -> Letters:
        """Keeps requests to carriers, and records that they were sent."""
        return Letters(self.cases, self.vault, self.clock)

    @cached_property
    def deadlines(self) -> Deadlines:
        """Changes deadlines by what people read in Seller Center."""
        return Deadlines(self.cases, self.clock, self.config.policy)

    @cached_property
    def undo(self) -> Undo:
        """Undoes what people did."""
        return Undo(self.access.units, self.clock, self.monitoring.recount, {IMPORTED: self._undo_import})

    @cached_property
    def forgetting(self) -> Forgetting:
        """Deletes the names of people who ask for it. It must see everything, because names stand everywhere."""
        return Forgetting(self.access.whole, self.clock, self.people)

    @cached_property
    def trail(self) -> Trail:
        """Reads the audit trail."""
        return Trail(self.access.units)

    @cached_property
    def exporter(self) -> Exporter:
        """Writes the package of a case for submission."""
        parts = (self.vault, self.judge, self.card_factory, self.copy_maker)
        return Exporter(self.access.units, self.clock, *parts)

    @cached_property
    def bindings(self) -> Bindings:
        """Binds channels to shops. It must see all shops, because bindings decide who sees which shop."""
        return Bindings(self.access.whole, self.clock, homes, self.notifier)

    @cached_property
    def settings_shops(self) -> frozenset[str]:
        """The ids of the shops that the settings list; these win over what people say of them."""
        return frozenset(shop.id for shop in self.settings.shops)

    @cached_property
    def register(self) -> ShopRegister:
        """Adds and changes shops. It must see all shops, because an id names one of them."""
        listed = ListedShops(self.settings_shops, bool(self.settings.teams))
        sites, zones = self.config.policy.sites, self.config.zones
        return ShopRegister(self.access.whole, self.clock, listed, sites, zones)

    @cached_property
    def audiences(self) -> Audiences:
        """Knows who reads the channels."""
        parts = (self.audience, homes, self.notifier, self.list_readers, self.readers)
        return Audiences(self.access.whole, self.clock, *parts)

    @cached_property
    def sessions(self) -> Sessions:
        """Knows who reads the console by the browser's session."""
        console = self.settings.console
        idle, longest = timedelta(hours=console.idle_hours), timedelta(hours=console.session_hours)
        return Sessions(self.access.whole, self.clock, self.access.standing, idle, longest)

    @cached_property
    def sign_in(self) -> SignIn:
        """Makes links that sign in to the console once, and lets people in who bring one."""
        return SignIn(self.access.whole, self.clock, self.sessions, self._accept, self._tell_owner)

    def _tell_owner(self, unit: Unit, link: SignInLink, address: str) -> None:
        """Tell the owner of a used link, where they asked for it, that it was tried again."""
        if link.channel:
            say = self.card_factory.localizer(self.identity.language(link.channel, link.person))
            key, card = f"sign-in:{link.id}", tried_again_card(say, link, address)
            unit.messages.put(link.channel, "", key, card, self.clock.now())

    def _accept(self, unit: Unit, link: SignInLink) -> str:
        return self.memberships.accept(unit, link)

    @cached_property
    def memberships(self) -> Memberships:
        """Invites people into teams and takes them out; it must see everything, as teams decide who sees what."""
        people, access = self.people, self.access
        parts = (self.sign_in, self.owners.settle, access.itself, access.unlimited, team.accounts(self.settings))
        return Memberships(access.units, self.clock, self.rosters, people, *parts, self.audiences.compare)

    @cached_property
    def console_address(self) -> ConsoleAddress:
        """Where people open the console."""
        return ConsoleAddress(self.settings.console.public_url, self.settings.console.port)

    @cached_property
    def publisher(self) -> Publisher:
        """Queues the updated cards of changed cases."""
        stages = [
            (timedelta(minutes=item.within_minutes), timedelta(minutes=item.every_minutes))
            for item in self.settings.countdown
        ]
        return Publisher(self.judge, self.monitoring, self.notifier, stages, self.oncall.on_call_now)
