"""Makes an event of what is said on the command line, as a chat platform would."""

import secrets
from dataclasses import replace
from pathlib import Path

from bot.cli.command import whereabouts
from bot.conversation.events import CommandReceived, FileReceived, Incoming, Upload
from bot.domain.addresses import ChannelId
from bot.domain.refusal import Refusal
from bot.runtime.bootstrap import App


def spoken(app: App, text: str, person: str, channel: str, thread: str, files: tuple[Path, ...]) -> Incoming:
    """The event of one message, now; a channel without a platform is the console's. What is said outside of threads
    is for the program, which prints the answer; in a thread it is one message among colleagues'. Raises Refusal for
    a path that is no file or is too large."""
    event_id, now, here = f"say-{secrets.token_hex(8)}", app.clock.now(), whereabouts()
    address = ChannelId.read(channel if ":" in channel else f"console:{channel}")
    channel, direct = str(address), app.is_direct(address)
    if not files:
        said = CommandReceived(event_id, channel, person, now, thread, text, direct=direct, address=here)
        return replace(said, called=not thread)
    uploads = tuple(_upload(path, app.settings.limits.upload_bytes) for path in files)
    return FileReceived(event_id, channel, person, now, thread, uploads, text, direct=direct, address=here)


def _upload(path: Path, limit: int) -> Upload:
    size = path.stat().st_size
    if not path.is_file():
        raise Refusal("not_a_file", name=path.name)
    if size > limit:
        raise Refusal("upload_too_large", name=path.name, limit=limit // 1_000_000)
    return Upload(path, path.name, size)
