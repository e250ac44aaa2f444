"""What people do at the console: write, press buttons, submit forms, say how they want to be spoken to."""

import logging
from functools import partial
from uuid import uuid4

from anyio import to_thread
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from bot.conversation.events import Incoming
from bot.domain.addresses import ChannelId
from bot.messaging.card import Card, Text, Tone
from bot.platforms.console import events, pages_context, people
from bot.platforms.console.files import Submitted
from bot.platforms.console.pages import LANGUAGES
from bot.platforms.console.pages_context import ConsoleContext
from bot.platforms.console.security import client_of

log = logging.getLogger(__name__)


async def take(kind: events.Make, request: Request) -> Response:
    """Receive words, files, a button or a form; runs the turn and answers when it is over."""
    console = pages_context.of(request)
    form = await console.form(request)
    try:
        incoming = await run_in_threadpool(_incoming, console, kind, request, form)
    except BaseException:
        form.discard()
        raise
    console.poller.wake()
    failure = await to_thread.run_sync(_turn, console, incoming, limiter=console.turns)
    console.poller.wake()
    if failure:
        words = (await run_in_threadpool(console.pages, request)).say("error_failed", reference=failure)
        return JSONResponse({"error": words}, 500)
    return Response(status_code=204)


def _incoming(console: ConsoleContext, kind: events.Make, request: Request, form: Submitted) -> Incoming:
    reader = people.reader_id(request)
    place = console.place(form, reader)
    about = events.common(form, reader, place.channel, place.thread, console.host.clock.now())
    incoming = kind(form, {**about, "address": client_of(request).address})
    if words := events.words_of(incoming):
        console.entries.add(
            incoming.id, place.channel, place.thread, incoming.at, author=incoming.person, words=words
        )
    return incoming


def _turn(console: ConsoleContext, incoming: Incoming) -> str:
    """Run the turn. Returns "" when it succeeded or the conversation itself says that it failed, else the
    reference under which the log has the error. Raises database faults: the conversation itself is in the
    database."""
    reference = uuid4().hex[:8]
    try:
        console.host.inbox.accept(incoming)()
    except Exception as error:
        if console.host.texts.fault(error, ""):
            raise
        log.exception("turn %s failed (reference %s)", incoming.id, reference)
        return _reported(console, incoming, reference)
    return ""


def _reported(console: ConsoleContext, incoming: Incoming, reference: str) -> str:
    try:
        _report(console, incoming, reference)
    except Exception:
        log.exception("cannot show the failure in the conversation (reference %s)", reference)
        return reference
    return ""


def _report(console: ConsoleContext, incoming: Incoming, reference: str) -> None:
    language = console.host.directory.profile(incoming.person).language
    say = partial(console.host.texts.say, language=language)
    words = Text(say("console.error_failed", reference=reference))
    card = Card(say("console.error_failed_title"), (words,), Tone.RED, language=language)
    channel = ChannelId.read(incoming.channel).id
    console.entries.add(f"{incoming.id}:failed", channel, incoming.thread, incoming.at, card=card)


async def save_person(request: Request) -> Response:
    """Save the reader's own name, language or zone, and go back to the page."""
    console = pages_context.of(request)
    form = await console.form(request)
    form.discard()
    await run_in_threadpool(_save, console, request, form.fields)
    return RedirectResponse(people.local_path(form.fields.get("next", "/")), 303)


def _save(console: ConsoleContext, request: Request, fields: dict[str, str]) -> None:
    reader = console.host.directory.profile(people.reader_id(request))
    console.host.directory.save_person(people.changed(console.host.directory, reader, fields, LANGUAGES))
