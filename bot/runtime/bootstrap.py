"""The composition root: the only file that knows every part."""
# Longer than most files: every part is named here once, and nothing is decided.

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from bot.conversation.access import Access, heard, homes
from bot.conversation.arguments import Arguments
from bot.conversation.events import CommandReceived, FormSubmitted, Incoming, Upload
from bot.conversation.router import Dispatcher, Router, Turn
from bot.domain.addresses import HEADLINE, WORK, ChannelId, Slot
from bot.domain.anomaly import Detection
from bot.domain.case import Case
from bot.domain.draft import DraftFacts
from bot.domain.evidence import Evidence
from bot.domain.orders import Shop
from bot.domain.policy import Catalogue, Lexicon, Policy, RejectionCode
from bot.domain.refusal import Refusal
from bot.domain.reminder import Step
from bot.domain.statuses import OpenWord
from bot.messaging.card import Card, Style, Text, Tone
from bot.messaging.inbox import Intake
from bot.messaging.outbox import Delivery, Manners
from bot.ports.chat import Chat, Platform
from bot.ports.clock import Clock
from bot.ports.reading import LinkChecker
from bot.ports.records import Person
from bot.ports.retention import Purged
from bot.ports.store import Unit
from bot.rules import check_playbook, check_profile
from bot.runtime import staffing
from bot.runtime.clock import FrozenClock, SystemClock
from bot.runtime.hosting import ChatHost, Talking
from bot.services.ahead import ReadingAhead
from bot.services.anomalies import Anomalies
from bot.services.appeals import Appeals
from bot.services.binding import Bindings
from bot.services.cases import Cases
from bot.services.deadlines import Deadlines
from bot.services.evidence import EvidenceDesk
from bot.services.export import Exporter
from bot.services.importing import DataChange, Importing
from bot.services.linkwatch import LinkWatch
from bot.services.measuring import Days
from bot.services.monitoring import Monitoring
from bot.services.oncall import OnCall
from bot.services.owners import Owners
from bot.services.people import People
from bot.services.publishing import Publisher
from bot.services.reminders import Reminders
from bot.services.retention import Retention
from bot.services.review import Judge, Judgement
from bot.services.showing import Redactor
from bot.services.undo import Undo
from bot.settings.model import ConfigError, Settings, ShopSettings, data_root, load_data, policy_path
from bot.settings.private import keep_private
from bot.store.database import DatabaseError, connect, upgrade
from bot.store.leftovers import Leftovers
from bot.store.locking import Conversations
from bot.store.rates import Rates
from bot.store.threads import Threads
from bot.store.unit import Store
from bot.store.vault import DiskVault
from bot.wording import doing, replies
from bot.wording.alerts import Trend, earlier_card, headline
from bot.wording.channels import also_bound_card
from bot.wording.evidence import link_card
from bot.wording.forms import drafts, form_text
from bot.wording.people import freed_card, given_card
from bot.wording.phrases import Phrases
from bot.wording.reminders import purge_card, reminder_card
from bot.wording.speaker import Speaker
from bot.wording.speech import command_words
from bot.wording.work import open_points, work_card

if TYPE_CHECKING:
    from bot.reading.reader import FileReader
    from bot.runtime.jobs import Jobs
    from bot.runtime.metrics import Metrics

log = logging.getLogger(__name__)

DAY_SECONDS = 86_400


@dataclass(frozen=True)
class Config:
    """The data files of config/, validated."""

    policy: Policy
    catalogue: Catalogue
    lexicons: Mapping[str, Lexicon]
    codes: Mapping[str, RejectionCode]
    zones: Mapping[str, str]


def load_config(settings: Settings) -> Config:
    """Read and check the data files. Raises ConfigError with the file, the key and what was expected."""
    root, path = data_root("config"), policy_path(settings)
    policy = load_data(path, Policy)
    try:
        check_profile(policy)
    except ValueError as error:
        raise ConfigError(f"{path}: rules: {error}") from error
    codes = load_data(root / "playbook.toml", dict[str, RejectionCode], "codes")
    try:
        check_playbook(codes)
    except ValueError as error:
        raise ConfigError(f"{root / 'playbook.toml'}: codes: {error}") from error
    return Config(
        policy,
        load_data(root / "scenarios.toml", Catalogue),
        load_data(root / "lexicon.toml", dict[str, Lexicon]),
        codes,
        load_data(root / "sites.toml", dict[str, str], "timezones"),
    )


def _shop(item: ShopSettings, zones: Mapping[str, str]) -> Shop:
    values = item.model_dump()
    values["timezone"] = item.timezone or zones.get(item.site, "UTC")
    values["name"] = item.name or item.id
    return Shop(**values)


class App:
    """All parts, made from the settings; made on first use, so that a short command loads little."""

    def __init__(self, settings: Settings, clock: Clock | None = None) -> None:
        self.settings = settings
        self.clock: Clock = clock or (FrozenClock(settings.now) if settings.now else SystemClock())
        self.config = load_config(settings)
        self.phrases = Phrases(data_root("templates"), settings.timezone)
        try:
            settings.data_dir.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DatabaseError(f"data_dir {settings.data_dir}: {error.strerror}", "no_folder") from error
        self.engine = connect(settings.database_url, settings.database.busy_seconds)
        keep_private(self._own_files())
        self.store = Store(self.engine)
        self.access = Access(self.store.unit, staffing.is_led(settings))

    def _own_files(self) -> list[Path]:
        """The data folder, what lies in it, and a database that lies elsewhere."""
        folder, file = self.settings.data_dir, self.engine.url.database
        found = [folder, *folder.glob("*")]
        if self.engine.dialect.name == "sqlite" and file and file != ":memory:":
            found += [*Path(file).parent.glob(f"{Path(file).name}*")]
        return found

    def open(self) -> "App":
        """Bring the tables up to date, make the configured shops known, and connect the parts."""
        upgrade(self.engine)
        self.store.publish = self.publisher.publish
        self.monitoring.save_shops([_shop(item, self.config.zones) for item in self.settings.shops])
        self.owners.settle()
        self.store.committed = self.delivery.deliver
        return self

    @cached_property
    def vault(self) -> DiskVault:
        """Originals on disk."""
        return DiskVault(self.settings.data_dir / "vault")

    @cached_property
    def reader(self) -> "FileReader":
        """Reads evidence."""
        from bot.reading.limits import Limits
        from bot.reading.reader import file_reader
        from bot.reading.tables import load_carriers, load_vocabulary

        folder, caps = data_root("config"), self.settings.limits
        limits = Limits(picture_bytes=caps.picture_bytes, pdf_bytes=caps.picture_bytes, text_bytes=caps.text_bytes)
        return file_reader(self.config.policy, load_carriers(folder), load_vocabulary(folder), limits)

    @cached_property
    def ahead(self) -> ReadingAhead:
        """Reads uploads before their turn comes."""
        return ReadingAhead(self.reader)

    @cached_property
    def intake(self) -> Intake:
        """Takes events from the platforms."""
        return Intake(
            self.store.unit, self.dispatcher.handle, self.ahead.ahead, upload_dir(self.settings), self.fetch
        )

    def fetch(self, channel: str, upload: Upload) -> Upload:
        """Bring a file that lies with its platform."""
        return self.chats[ChannelId.read(channel).platform].fetch(upload)

    @cached_property
    def links(self) -> LinkChecker:
        """Opens links as a stranger."""
        from bot.reading.links import LinkGuard
        from bot.reading.tables import load_vocabulary

        return LinkGuard(self.config.policy, load_vocabulary(data_root("config")).links)

    @cached_property
    def linkwatch(self) -> LinkWatch:
        """Looks at links again."""
        return LinkWatch(self.access.units, self.clock, self.links, self.link_card, self.settings.language)

    def link_card(self, language: str, case: Case, item: Evidence) -> Card:
        """What happened to a link."""
        return link_card(self.speaker(language), case, item)

    @cached_property
    def monitoring(self) -> Monitoring:
        """Measures."""
        language, on_call = self.settings.language, self.oncall.on_call
        anomalies = Anomalies(self.clock, self.config.policy, on_call, self.earlier_card, language)
        return Monitoring(self.access.units, self.clock, self.config.policy, anomalies)

    def earlier_card(self, language: str, case: Case, shop: Shop, was: datetime, to: str) -> Card:
        """The message that a deadline is earlier."""
        return earlier_card(self.speaker(language), case, shop, was, to)

    @cached_property
    def importing(self) -> Importing:
        """Takes files, and takes them back."""
        return Importing(self.access.units, self.clock, self.measure_again)

    def measure_again(self, unit: Unit, change: DataChange) -> None:
        """Measure days whose data have changed."""
        self.monitoring.remeasure(unit, change.shop, change.days, change.by, change.why, change.restores)

    @cached_property
    def oncall(self) -> OnCall:
        """Knows who is on call."""
        return OnCall(self.access.units, self.clock, staffing.sources(self.settings, self.clock), self.people)

    @cached_property
    def people(self) -> People:
        """Knows people."""
        return People(self.access.units, staffing.people(self.settings))

    @cached_property
    def owners(self) -> Owners:
        """Gives cases to people."""
        cards = (self.given_card, self.freed_card)
        return Owners(self.cases, self.people, self.oncall.on_call, *cards, self.settings.language)

    def given_card(self, language: str, case: Case, name: str) -> Card:
        """Calls a case's new owner."""
        return given_card(self.speaker(language), case, name)

    def freed_card(self, language: str, case: Case, earlier: str, on_call: str) -> Card:
        """Says that nobody has a case."""
        return freed_card(self.speaker(language), case, earlier, on_call)

    @cached_property
    def reminders(self) -> Reminders:
        """Reminds people."""
        plan, leads = staffing.plan(self.settings, self.config.policy), staffing.leads(self.settings)
        people = (self.judge, self.oncall, plan, leads)
        return Reminders(self.access.units, self.clock, *people, self.reminder_card, self.settings.language)

    def reminder_card(self, language: str, judged: Judgement, step: Step) -> Card:
        """A reminder."""
        ring = timedelta(hours=self.settings.reminders.ring_hours)
        return reminder_card(self.speaker(language), judged, step, ring)

    @cached_property
    def retention(self) -> Retention:
        """Deletes what has been kept long enough."""
        days, language = self.config.policy.evidence.retention_days, self.settings.language
        return Retention(self.access.units, self.clock, self.vault, days, self.purge_card, language)

    def purge_card(self, language: str, case: Case, purged: Purged) -> Card:
        """The report of what was deleted."""
        return purge_card(self.speaker(language), case, purged)

    @cached_property
    def cases(self) -> Cases:
        """Changes cases."""
        return Cases(self.access.units, self.clock, self.config.catalogue, self.monitoring.recount)

    @cached_property
    def judge(self) -> Judge:
        """Judges cases."""
        config = self.config
        return Judge(
            self.access.units, self.clock, config.policy, config.catalogue, config.lexicons, self.render_drafts
        )

    def render_drafts(self, language: str, scenario: str, facts: DraftFacts) -> list[str]:
        """The explanations of a scenario, fullest first; "" stands for one whose facts are not all there."""
        return drafts(self.phrases, language, scenario, facts.values)

    @cached_property
    def evidence(self) -> EvidenceDesk:
        """Takes evidence."""
        return EvidenceDesk(self.access.units, self.clock, self.vault, self.ahead, self.links, self.reader)

    @cached_property
    def redactor(self) -> Redactor:
        """Makes copies with personal data covered."""
        return Redactor(self.access.units, self.clock, self.vault, self.reader)

    @cached_property
    def appeals(self) -> Appeals:
        """Records submissions and outcomes."""
        return Appeals(self.cases, self.judge, self.clock, self.config.codes)

    @cached_property
    def undo(self) -> Undo:
        """Takes acts back."""
        return Undo(self.access.units, self.clock, self.monitoring.recount)

    @cached_property
    def exporter(self) -> Exporter:
        """Writes packages."""
        return Exporter(
            self.access.units,
            self.clock,
            self.vault,
            self.judge,
            lambda judged: form_text(self.speaker("en"), judged),
        )

    def speaker(self, language: str) -> Speaker:
        """The voice of a language, now."""
        return Speaker(self.phrases, language, self.config.policy, self.config.catalogue, self.clock.now())

    @cached_property
    def publisher(self) -> Publisher:
        """Refreshes the cards of changed cases."""
        stages = [
            (timedelta(minutes=item.within_minutes), timedelta(minutes=item.every_minutes))
            for item in self.settings.countdown
        ]
        cards = (self.headline, self.work_card)
        return Publisher(
            self.clock, self.judge, self.monitoring, *cards, self.settings.language, stages, self.oncall.on_call
        )

    def headline(
        self,
        language: str,
        judged: Judgement,
        detection: Detection,
        trend: tuple[Days, int, int],
        on_call: str,
        words: Sequence[OpenWord],
    ) -> Card:
        """The headline card."""
        drawn = Trend(*trend, self.config.policy.measuring.rolling_days)
        shop, ready = judged.dossier.shop, judged.ready
        points = open_points(judged)
        return headline(self.speaker(language), judged.case, shop, detection, drawn, ready, points, on_call, words)

    def work_card(self, language: str, judged: Judgement) -> Card:
        """The work card."""
        return work_card(self.speaker(language), judged)

    @cached_property
    def platforms(self) -> dict[str, Platform]:
        """The configured chat platforms by name."""
        from bot.platforms.console.sender import ConsolePlatform
        from bot.store.console import ConsoleLog

        console = ConsolePlatform(ConsoleLog(self.engine), self.clock)
        return {"console": console} | {name: chat.platform for name, chat in self.chats.items()}

    @cached_property
    def chats(self) -> dict[str, Chat]:
        """The configured chats by name; what is not configured is not loaded."""
        chats: dict[str, Chat] = {}
        if self.settings.slack.configured:
            from bot.platforms.slack.platform import SlackChat

            chats["slack"] = SlackChat(self.settings.slack, self.host("slack"))
        if self.settings.feishu.configured:
            from bot.platforms.feishu.platform import FeishuChat

            chats["feishu"] = FeishuChat(self.settings.feishu, self.host("feishu"))
        return chats

    def host(self, platform: str) -> ChatHost:
        """The core as a chat's adapter sees it."""
        settings = self.settings
        return ChatHost(
            platform,
            upload_dir(settings),
            settings.limits.upload_bytes,
            self.clock,
            self.store.unit,
            self.vault,
            Threads(self.engine),
            Rates(self.engine),
            staffing.Accounts(settings, platform),
            lambda: self.intake,
            lambda: self.metrics,
            Talking(self.check_form, self.home, self.language, self.phrases.say, self.translated, self.hears),
        )

    @cached_property
    def metrics(self) -> "Metrics":
        """Counts."""
        from bot.runtime.metrics import Metrics

        return Metrics(self.store.unit, self.clock)

    def check_form(self, event: FormSubmitted) -> dict[str, str]:
        """What is wrong with a form."""
        from bot.conversation.forms import FormChecks

        with self.store.unit(read_only=True) as unit:
            turn = self.dispatcher.turn(event, *self.person_of(unit, event))
        return FormChecks(self.access, self.arguments, self.judge, self.speaker).check(turn)

    def hears(self, channel: str, case_id: str) -> bool:
        """Whether the channel hears of the case's shop: what it heard of before is over."""
        with self.store.unit(read_only=True) as unit:
            case = unit.cases.get(case_id)
            return case is not None and case.shop in {shop.id for shop in heard(unit.shops.all(), channel)}

    def translated(self, channel: str, card: Card, language: str) -> Card | None:
        """A case's own card in another language, as the case is now; None for any other card, and where the channel
        does not hear of the case."""
        slot = Slot.read(card.slot)
        if not slot.part or not self.hears(channel, slot.case_id):
            return None
        with self.store.unit(read_only=True) as unit:
            if slot.is_own(HEADLINE):
                return self.publisher.headline_now(unit, slot.case_id, language)
            return self.work_card(language, self.judge.look(unit, slot.case_id)) if slot.is_own(WORK) else None

    def home(self, platform: str, person_id: str) -> Card:
        """A person's own page on a platform."""
        event = CommandReceived("", str(ChannelId(platform, "")), person_id, self.clock.now(), direct=True)
        with self.store.unit(read_only=True) as unit:
            person, language = self.person_of(unit, event)
        return self.dispatcher.run(Turn(event, person, language, "home"))[0]

    def language(self, channel: str, person_id: str) -> str:
        """The language for a person in a channel."""
        with self.store.unit(read_only=True) as unit:
            return self.person_of(unit, CommandReceived("", channel, person_id, self.clock.now()))[1]

    @cached_property
    def delivery(self) -> Delivery:
        """Sends what waits."""
        engine = self.settings.engine
        manners = Manners(engine.call_seconds, engine.settle_seconds, engine.fallback_channel)
        return Delivery(self.store.unit, self.platforms, self.clock, self.elsewhere, manners, SystemClock())

    def elsewhere(self, language: str, channel: str, reason: str) -> Text:
        """Why a message is not shown where it belongs."""
        with self.store.unit(read_only=True) as unit:
            name = replies.channel_name(channel, unit.records.channel_names())
        return Text(self.speaker(language)("alerts.elsewhere", channel=name, reason=reason), Style.WARNING)

    @cached_property
    def jobs(self) -> "Jobs":
        """The scheduled work."""
        from bot.runtime.jobs import Jobs

        check = self.settings.check
        parts = (self.monitoring, self.delivery, self.publisher)
        others = staffing.jobs(self.settings, self.reminders, self.retention, self.oncall, self.linkwatch)
        leftovers = Leftovers(self.store.unit, upload_dir(self.settings), self.vault.root, SystemClock())
        others.append((leftovers.sweep, DAY_SECONDS))
        return Jobs(self.store.unit, self.clock, *parts, check.at, check.catch_up_days, others)

    @cached_property
    def dispatcher(self) -> Dispatcher:
        """Runs conversation turns."""
        router = all_handlers()
        vocabulary = command_words(self.phrases, self.command_names)
        services: dict[str, object] = {
            "clock": self.clock,
            "units": self.access.units,
            "speaker": self.speaker,
            "monitoring": self.monitoring,
            "importing": self.importing,
            "cases": self.cases,
            "desk": self.evidence,
            "judge": self.judge,
            "appeals": self.appeals,
            "undoing": self.undo,
            "deadlines": Deadlines(self.cases, self.clock, self.config.policy),
            "exporter": self.exporter,
            "redactor": self.redactor,
            "oncall": self.oncall,
            "people": self.people,
            "owners": self.owners,
            "reminders": self.reminders,
            "bindings": self.bindings,
            "arguments": self.arguments,
            "vocabulary": vocabulary,
            "commands": self.command_names,
            "headline": self.headline_for,
            "again": self.again,
            "largest": self.settings.limits.upload_bytes,
        }
        return Dispatcher(
            router,
            vocabulary,
            self.store.unit,
            self.arguments.providers(services),
            self.person_of,
            self.access.asking,
            self.refuse,
            self.failed,
            Conversations(self.engine).alone,
            self.names_of_people,
        )

    def names_of_people(self) -> list[str]:
        """The names and ids of the people of the settings."""
        return [name for item in self.settings.people for name in (item.name, item.id) if name]

    @cached_property
    def bindings(self) -> Bindings:
        """Binds channels to shops: what decides who sees what finds all shops."""
        return Bindings(self.access.whole, self.clock, homes, self.bound_card, self.settings.language)

    def bound_card(self, language: str, unit: Unit, shop: Shop, channel: str, person: str) -> Card:
        """Tells a shop's channels that another one hears of it."""
        name = replies.channel_name(channel, unit.records.channel_names())
        known = unit.records.person(person)
        return also_bound_card(self.speaker(language), shop, name, (known and known.name) or person)

    @cached_property
    def arguments(self) -> Arguments:
        """Makes the arguments of handlers."""
        return Arguments(self.access, self.speaker, self.settings.timezone)

    @cached_property
    def command_names(self) -> list[str]:
        """The commands that people can type, in the order of the help."""
        keys = self.phrases.keys("commands.", "en")
        return list(dict.fromkeys(key.split(".")[1] for key in keys))

    def headline_for(self, case_id: str, say: Speaker) -> Card:
        """The headline card for somebody who asks."""
        with self.access.units(read_only=True) as unit:
            return self.publisher.headline_now(unit, case_id, say.language)

    def again(self, turn: Turn) -> list[Card]:
        """Run the handler of another command for the same turn."""
        return self.dispatcher.run(turn)

    def person_of(self, unit: Unit, event: Incoming) -> tuple[Person, str]:
        """Who speaks and the language to answer in: the person's own, the channel's, the team's."""
        known = next((item for item in self.settings.people if item.id == event.person), None)
        default = staffing.person_of(known) if known else Person(event.person, role=self.settings.default_role)
        person = staffing.ranked(staffing.completed(unit.records.person(event.person), default), self.access.led)
        language = person.language or unit.records.channel_language(event.channel) or self.settings.language
        return person, language

    def refuse(self, refusal: Refusal, turn: Turn) -> Card:
        """Why not, in the person's language; a button of an old card brings the fresh one with it."""
        say = self.speaker(turn.language)
        card = replies.refusal(say, refusal.key, **refusal.params)
        if others := refusal.params.get("others"):
            return doing.others(say, card, self.arguments.order_of(turn, others), len(others))
        if refusal.key != "stale_button":
            return card
        return replace(card, elements=self.headline_for(refusal.params["case"], say).elements)

    def failed(self, error: Exception, turn: Turn) -> Card:
        """Something broke: what it means and what to do; the cause is in the log under the reference."""
        say = self.speaker(turn.language)
        if isinstance(error, DatabaseError):
            card = replies.refusal(say, "failed_database", cause=database_words(self.phrases, turn.language, error))
        elif isinstance(error, OSError):
            card = replies.refusal(say, "failed_disk", cause=f"{error.strerror or error}.")
        else:
            card = replies.refusal(say, "failed", reference=turn.event.id[-12:])
        return Card(card.title, card.elements, Tone.RED, "", card.language)


def database_words(phrases: Phrases, language: str, error: DatabaseError) -> str:
    """What is wrong with the database and what to do."""
    if not error.fault:
        return f"{error}."
    return phrases.say(f"refusals.database_{error.fault}", language, cause=str(error))


def all_handlers() -> Router:
    """The handlers of every conversation file."""
    from handlers import (
        appeals,
        cases,
        channels,
        deadlines,
        evidence,
        oncall,
        orders,
        outlook,
        overview,
        reminders,
        statuses,
        undoing,
    )

    router = Router()
    first = (overview, cases, deadlines, orders, evidence, appeals)
    for conversation in (*first, outlook, reminders, oncall, channels, statuses, undoing):
        router.include(conversation.router)
    return router


def open_app(settings: Settings, clock: Clock | None = None) -> App:
    """The program, ready for work. Raises ConfigError or DatabaseError with what to do."""
    return App(settings, clock).open()


def upload_dir(settings: Settings) -> Path:
    """Where uploads wait for the vault."""
    path = settings.data_dir.absolute() / "incoming"
    path.mkdir(parents=True, exist_ok=True)
    return path
