"""The words that people type, from the texts of all languages."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from bot.conversation.lexicon import TalkWords
from bot.conversation.vocabulary import CommandVocabulary, Speech
from bot.wording.phrases import Phrases

AROUND = tuple(each.name for each in fields(Speech) if each.name not in ("values", "choices"))
INTENTS = "intents."
"""Keys of the words by which talk is understood."""


def command_words(phrases: Phrases, commands: Sequence[str]) -> CommandVocabulary:
    """The vocabulary of commands, and of the words around them, from the texts of all languages."""

    def listed(key: str) -> list[str]:
        return [word for language in phrases.languages for word in phrases.words(key, language)]

    def answers(group: str) -> dict[str, dict[str, list[str]]]:
        found: dict[str, dict[str, list[str]]] = {}
        for key in phrases.keys(f"speech.{group}.", phrases.languages[0]):
            command, answer = key.split(".")[2:]
            found.setdefault(command, {})[answer] = listed(key)
        return found

    around: dict[str, Any] = {name: listed(f"speech.{name}") for name in AROUND}
    speech = Speech(**around, values=answers("values"), choices=answers("choices"))
    return CommandVocabulary({name: listed(f"commands.{name}.words") for name in commands}, speech)


def talk_words(phrases: Phrases) -> TalkWords:
    """The words by which talk is understood, from the texts of all languages."""
    found: dict[str, list[str]] = {}
    for language in phrases.languages:
        for key in phrases.keys(INTENTS, language):
            name = key.removeprefix(INTENTS).removesuffix(".words")
            found.setdefault(name, []).extend(phrases.words(key, language))
    return TalkWords(found)
