"""Database faults in words for people."""

from bot.ports.store import DatabaseError
from bot.wording.phrases import Phrases


def database_words(phrases: Phrases, language: str, error: DatabaseError) -> str:
    """What is wrong with the database and what to do."""
    if not error.fault:
        return f"{error}."
    return phrases.say(f"refusals.database_{error.fault}", language, cause=str(error))
