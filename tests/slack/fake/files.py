"""The Web API: files, the three steps of an upload, and what a download gives."""

from typing import Any

from tests.slack.fake.calls import method, need, structured
from tests.slack.fake.refused import Refused
from tests.slack.fake.world import BOT, File, Json, Message, World


def about(world: World, file: File, full: bool = False) -> Json:
    """A file as messages and files.info tell it; one shared from another workspace is a stub until asked for."""
    if file.connect and not full:
        return {"id": file.id, "file_access": "check_file_info", "created": 0, "user": file.owner}
    kind = file.name.rpartition(".")[2].lower()
    link = f"{world.home}/files-pri/T0-{file.id}"
    if file.serve == "foreign":
        link = world.home.replace("127.0.0.1", "localhost") + "/elsewhere"
    links = {"url_private": f"{link}/{file.name}", "url_private_download": f"{link}/download/{file.name}"}
    names = {
        "id": file.id,
        "name": file.name,
        "title": file.title or file.name,
        "filetype": kind,
        "mimetype": _mimetype(kind),
    }
    return {**names, **links, "size": file.size, "user": file.owner, "mode": "hosted", "file_access": "visible"}


def _mimetype(kind: str) -> str:
    return {"png": "image/png", "pdf": "application/pdf", "txt": "text/plain"}.get(kind, "application/octet-stream")


def dropped(world: World, owner: str, name: str, content: bytes, **more: Any) -> File:
    """A file that somebody holds in the hand."""
    given = {"size": len(content), **more}
    file = File(f"F{world.number():08d}", name, owner, content=content, **given)
    world.files[file.id] = file
    return file


@method("files.info", "files:read")
def info(world: World, params: Json) -> Json:
    """A file."""
    need(params, "file")
    file = world.files.get(str(params["file"]))
    if file is None or file.content is None or file.serve == "gone":
        raise Refused("file_not_found")
    return {"file": about(world, file, full=True), "comments": [], "response_metadata": {"next_cursor": ""}}


@method("files.getUploadURLExternal", "files:write")
def upload_url(world: World, params: Json) -> Json:
    """Step 1: where to put a file of that length."""
    need(params, "filename", "length")
    file = File(f"F{world.number():08d}", str(params["filename"]), BOT, int(params["length"]))
    world.files[file.id] = file
    return {"upload_url": f"{world.home}/upload/{file.id}", "file_id": file.id}


def put(world: World, file_id: str, content: bytes) -> int:
    """Step 2: the bytes; the HTTP status."""
    file = world.files.get(file_id)
    if file is None or file.content is not None:
        return 404
    if len(content) != file.size:
        world.complain(f"{file.name}: {len(content)} bytes instead of the {file.size} announced")
        return 400
    file.content = content
    return 200


@method("files.completeUploadExternal", "files:write")
def complete(world: World, params: Json) -> Json:
    """Step 3: show the files in a channel, or keep them for blocks to show."""
    named = structured(params.get("files") or [])
    files = [world.files.get(item.get("id", "")) for item in named]
    if not files or any(file is None or file.content is None for file in files):
        raise Refused("file_not_found")
    known = [file for file in files if file]
    for file, item in zip(known, named, strict=True):
        file.title = str(item.get("title") or "")
    if channel := str(params.get("channel_id") or params.get("channels") or ""):
        _share(world, channel, known, params)
    return {"files": [about(world, file, full=True) for file in known]}


def _share(world: World, channel: str, files: list[File], params: Json) -> None:
    place = world.channels.get(channel)
    if place is None:
        raise Refused("channel_not_found")
    if BOT not in place.members:
        raise Refused("not_in_channel")
    thread, words = str(params.get("thread_ts") or ""), str(params.get("initial_comment") or "")
    ids = [file.id for file in files]
    for file in files:
        file.channels.add(channel)
    world.add(Message(channel, world.ts(), BOT, words, thread_ts=thread, files=ids))
