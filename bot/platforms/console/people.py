"""Who sits at the browser: the person of its session, in their language, and what they say of themselves."""

from dataclasses import replace
from zoneinfo import ZoneInfo

from starlette.requests import Request

from bot.domain.filename import visible
from bot.platforms.console.files import RequestRefused
from bot.platforms.console.security import visitor_of
from bot.ports.host import Directory
from bot.ports.records import Person

MAX_NAME = 40
BROWSERS = (
    ("Lark/", "Lark"),
    ("Feishu/", "Feishu"),
    ("Slack", "Slack"),
    ("Edg", "Edge"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def reader_id(request: Request) -> str:
    """The id of the person whose session the request is of; "" without a session."""
    visitor = visitor_of(request)
    return visitor.session.person if visitor else ""


def browser_name(agent: str) -> str:
    """What a browser says of itself, in the two words by which people know it: "Firefox · Windows"."""
    named = [next((name for sign, name in known if sign in agent), "") for known in (BROWSERS, SYSTEMS)]
    return " · ".join(filter(None, named)) or agent[:MAX_NAME]


def wanted_language(request: Request, languages: tuple[str, ...]) -> str:
    """The first of the languages that the browser asks for; "" when it asks for none of them."""
    asked = [
        part.partition(";")[0].strip()[:2].lower() for part in request.headers.get("accept-language", "").split(",")
    ]
    return next((language for language in asked if language in languages), "")


def changed(directory: Directory, reader: Person, fields: dict[str, str], languages: tuple[str, ...]) -> Person:
    """The reader with another name, language or zone; empty or unknown values stay as they were. Raises
    RequestRefused for the name of somebody else."""
    name = " ".join(visible(fields.get("name", "")).split())[:MAX_NAME]
    if name and name != reader.name:
        if not directory.may_be_called(reader.id, name):
            raise RequestRefused(409, "console.error_name_taken", name=name)
        reader = replace(reader, name=name)
    language, zone = fields.get("language", ""), fields.get("timezone", "")
    return replace(
        reader,
        language=language if language in languages else reader.language,
        timezone=zone if _is_zone(zone) else reader.timezone,
    )


def _is_zone(name: str) -> bool:
    try:
        return bool(name) and bool(ZoneInfo(name))
    except (KeyError, ValueError, OSError):
        return False


def local_path(path: str) -> str:
    """A path of this site to return to; "/" for a path that could lead elsewhere."""
    safe = path.startswith("/") and not path.startswith("//") and "\\" not in path and path.isprintable()
    return path if safe else "/"
