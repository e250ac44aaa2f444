"""Shows dialogs and the Home tab, at once because Slack's trigger is valid for three seconds."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from bot.messaging.card import Card, Form
from bot.platforms.slack import modals_views as views
from bot.platforms.slack.api import SlackApi, SlackError
from bot.platforms.slack.background import Background
from bot.platforms.slack.cards import form_id, forms, render_home, render_pages
from bot.platforms.slack.markup import Json, escape, is_direct
from bot.platforms.slack.modals_views import Origin, Say
from bot.platforms.slack.people import People
from bot.platforms.slack.sender import SlackSender
from bot.ports.chat import TryLater
from bot.ports.host import Host

FALLBACK = "zh"

Make = Callable[[Say, Origin], Json]


def account_of(body: Json) -> str:
    """The account of the person who pressed or submitted something."""
    return str((body.get("user") or {}).get("id") or "")


class Modals:
    """Opens, fills and updates dialogs."""

    def __init__(
        self, host: Host, api: SlackApi, people: People, sender: SlackSender, background: Background
    ) -> None:
        self.threads, self.texts, self.directory = host.threads, host.texts, host.directory
        self.api, self.people, self.sender = api, people, sender
        self.background = background
        self._languages: dict[str, str] = {}

    def place(self, body: Json) -> Origin:
        """Where something was pressed: under a message, in a dialog, or on a Home tab."""
        container, view = body.get("container") or {}, body.get("view") or {}
        if view.get("type") == "modal":
            return Origin.of(view)
        if view:
            return Origin(channel=self.people.direct(account_of(body)))
        origin = Origin(str(container.get("channel_id") or ""), ref=str(container.get("message_ts") or ""))
        return replace(origin, root=str(container.get("thread_ts") or ""))

    def located(self, origin: Origin) -> Origin:
        """The origin, completed with the case in whose thread it is."""
        if origin.thread or not origin.ref:
            return origin
        found = (self.threads.thread_of(origin.channel, ref) for ref in (origin.ref, origin.root) if ref)
        return replace(origin, thread=next(filter(None, found), ""))

    # Dialogs.

    def form(self, body: Json, value: Json) -> None:
        """Open the dialog of a card's form."""
        own_page = bool(body.get("view"))

        def make(say: Say, origin: Origin) -> Json:
            card = self.texts.home(self.directory.person_id(account_of(body))) if own_page else self.card(origin)
            form = _form(card, value)
            if form is None:
                return views.notice_view(say("slack.gone_title"), say("slack.gone"), say)
            return views.form_view(form, replace(origin, action=form.action, payload=form.payload), say)

        self._open_late(body, make)

    def files(self, body: Json) -> None:
        """Open the dialog for uploading files."""
        self._open_late(body, lambda say, origin: views.files_view(origin, say))

    def whole(self, body: Json) -> None:
        """Open a dialog with the whole card, for reading."""
        self._open_late(body, lambda say, origin: self._reading(say, origin, account_of(body)))

    def turn(self, body: Json, page: int) -> None:
        """Show another page of the card in its dialog."""
        origin = replace(Origin.of(body["view"]), page=page)
        shown = self._reading(self.say(body, origin), origin, account_of(body))
        self.api.at_once("views.update", view_id=body["view"]["id"], view=shown)

    def findings(self, body: Json, wrong: dict[str, str]) -> None:
        """Show in the dialog what is wrong with the text that somebody is typing."""
        view = body["view"]
        if shown := views.with_findings(view, wrong):
            self.api.at_once("views.update", view_id=view["id"], hash=view.get("hash"), view=shown)

    def card(self, origin: Origin) -> Card | None:
        """The card under which something was pressed, as it is now."""
        return self.threads.card(origin.channel, origin.ref)

    def _reading(self, say: Say, origin: Origin, reader: str) -> Json:
        card = self.card(origin)
        if card is None:
            return views.notice_view(say("slack.gone_title"), say("slack.gone"), say)
        card = self.people.named(self._as_read_by(reader, origin, card))
        pages = render_pages(card, self.sender.context(card))
        return views.reading_view(card.title, pages, origin, say)

    def _as_read_by(self, reader: str, origin: Origin, card: Card) -> Card:
        """The card in the reader's language: in the channel it is in the channel's, but one person reads it in the
        dialog."""
        return card.read_in(self.directory.language(origin.channel, self.directory.person_id(reader)))

    def _open_late(self, body: Json, make: Make) -> None:
        """Open a dialog whose contents must be read first. When reading takes long, an empty dialog is opened and
        filled later."""
        origin = self.place(body)
        reading = self.background.read(lambda: make(self.say(body, origin), self.located(origin)))
        try:
            ready = reading.result(self.api.limits.reading)
        except TimeoutError:
            say = partial(self.texts.say, language=self._languages.get(account_of(body), FALLBACK))
            opened = self._open(body, views.notice_view(say("slack.wait_title"), say("slack.wait"), say))
            self.api.at_once("views.update", view_id=opened["view"]["id"], view=reading.result())
        else:
            self._open(body, ready)

    def _open(self, body: Json, view: Json) -> Json:
        try:
            return self.api.at_once("views.open", trigger_id=str(body.get("trigger_id")), view=view)
        except (SlackError, TryLater, OSError):
            self._not_opened(body)
            raise

    def _not_opened(self, body: Json) -> None:
        """Tell the person that the dialog could not be opened, so that a press is never without an effect."""
        origin = self.place(body)
        words = escape(self.say(body, origin)("slack.not_opened"))
        if is_direct(origin.channel):
            self.api.call("chat.postMessage", channel=origin.channel, text=words)
        else:
            self.api.call("chat.postEphemeral", channel=origin.channel, user=account_of(body), text=words)

    # The Home tab.

    def home(self, account: str) -> None:
        """Show a person's home page in the Home tab."""
        card = self.people.named(self.texts.home(self.people.meet(account)))
        shown = render_home(card, self.sender.context(card))
        self.api.at_once("views.publish", user_id=account, view={"type": "home", "blocks": shown})

    def say(self, body: Json, origin: Origin) -> Say:
        """Slack's own texts in the language of the person who pressed something."""
        account = account_of(body)
        self._languages[account] = self.directory.language(origin.channel, self.directory.person_id(account))
        return partial(self.texts.say, language=self._languages[account])


def _form(card: Card | None, value: Json) -> Form | None:
    """The form that a button opens: the one for which it was made, wherever that is in the card as it is now."""
    found = forms(card) if card else []
    return next((form for form in found if form_id(form) == value), None)
