"""The words that people type, from the texts of all languages."""

from collections.abc import Sequence

from bot.vocabulary import Speech, Vocabulary
from bot.wording.phrases import Phrases


def command_words(phrases: Phrases, commands: Sequence[str]) -> Vocabulary:
    """How all languages call the commands, and what is said around them."""

    def listed(key: str) -> list[str]:
        return [word for language in phrases.languages for word in phrases.words(key, language)]

    values: dict[str, dict[str, list[str]]] = {}
    for key in phrases.keys("speech.values.", phrases.languages[0]):
        command, answer = key.split(".")[2:]
        values.setdefault(command, {})[answer] = listed(key)
    speech = Speech(listed("speech.leads"), listed("speech.tails"), listed("speech.denials"), values)
    return Vocabulary({name: listed(f"commands.{name}.words") for name in commands}, speech)
