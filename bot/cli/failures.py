"""Known faults of a command, in the team's language: what is wrong and what to do."""

from pathlib import Path

from bot.domain.refusal import Refusal
from bot.ports.store import DatabaseError
from bot.settings.files import ConfigError, data_root
from bot.settings.model import Settings
from bot.sources.errors import SourceError
from bot.wording.failures import database_words
from bot.wording.phrases import WordingError, shared_phrases

KNOWN = (ConfigError, WordingError, DatabaseError, SourceError, Refusal, OSError)


def words(settings: Settings, error: BaseException, file: Path | None = None) -> str:
    """One message for one of the `KNOWN` faults; `file` is the file that the command was about."""
    if isinstance(error, ConfigError | WordingError):
        return str(error)
    phrases, language = shared_phrases(data_root("templates"), settings.timezone), settings.language
    match error:
        case DatabaseError():
            return database_words(phrases, language, error)
        case SourceError():
            return f"{file}: {phrases.say(f'imports.{error.key}', language, **error.params)}"
        case Refusal():
            return phrases.say(f"refusals.{error.key}", language, **error.params)
        case OSError():
            place, cause = error.filename or settings.data_dir, error.strerror or error
            return phrases.say("refusals.disk", language, place=place, cause=cause)
    raise TypeError(f"not a known fault: {error!r}")
