"""Who sits at the browser: a name that somebody has chosen, kept in a cookie."""

from dataclasses import replace
from unicodedata import normalize
from urllib.parse import quote, unquote
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response

from bot.domain.filename import visible
from bot.ports.host import Directory
from bot.ports.records import Person

FIRST_PERSON = "local"
"""Who speaks until somebody picks a name."""

PERSON_COOKIE = "odr_person"
YEAR_SECONDS = 365 * 24 * 3600
MAX_NAME = 40


def reader_id(request: Request) -> str:
    """The person id of a request; FIRST_PERSON until a name is chosen."""
    return visible(unquote(request.cookies.get(PERSON_COOKIE, "")))[:MAX_NAME] or FIRST_PERSON


def person_id(name: str) -> str:
    """The person id for a name: the same name in any browser, width or case is the same person."""
    return "-".join(normalize("NFKC", visible(name)).casefold().split())[:MAX_NAME]


def changed(directory: Directory, reader: Person, fields: dict[str, str], languages: tuple[str, ...]) -> Person:
    """The reader with another name, language or zone; empty or unknown values stay as they were."""
    name = " ".join(visible(fields.get("name", "")).split())[:MAX_NAME]
    if name and name != reader.name:
        reader = replace(_known_as(directory, name), name=name, language=reader.language, timezone=reader.timezone)
    language, zone = fields.get("language", ""), fields.get("timezone", "")
    return replace(
        reader,
        language=language if language in languages else reader.language,
        timezone=zone if _is_zone(zone) else reader.timezone,
    )


def _known_as(directory: Directory, name: str) -> Person:
    return replace(directory.profile(person_id(name)), id=person_id(name))


def _is_zone(name: str) -> bool:
    try:
        return bool(name) and bool(ZoneInfo(name))
    except (KeyError, ValueError, OSError):
        return False


def remember(response: Response, person: Person, secure: bool) -> None:
    """Set the cookie that holds the person id."""
    response.set_cookie(
        PERSON_COOKIE,
        quote(person.id, safe=""),
        max_age=YEAR_SECONDS,
        httponly=True,
        samesite="strict",
        secure=secure,
    )


def local_path(path: str) -> str:
    """A path of this site to return to; "/" for a path that could lead elsewhere."""
    safe = path.startswith("/") and not path.startswith("//") and "\\" not in path and path.isprintable()
    return path if safe else "/"
