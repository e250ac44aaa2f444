"""The scene in which the lines of talk are said: two shops, three cases, three people; no program is started."""

from dataclasses import dataclass

from bot.conversation.dispatcher import listening
from bot.conversation.listening import Heard, Listener, Said
from bot.conversation.things import KnownCase, TalkContext
from bot.runtime.conversing import all_handlers
from bot.settings.files import data_root
from bot.wording.phrases import Phrases
from bot.wording.speech import command_words, talk_words

SHOPS = {"S1": ("Lumiere PH", "PH"), "S2": ("Nova MY", "MY")}
FIRST = ("576461413038785752", "576461413038780018", "576461413038780083", "576461413038780071")
SECOND = ("577310000000000026", "577310000000000045")
CASES = (KnownCase("C1", "S1", FIRST), KnownCase("C2", "S2", SECOND), KnownCase("C3", "S1", (), active=False))
PEOPLE = {"li": "li", "wang": "wang", "王强": "wang", "anna": "anna"}
CHANNELS = {"channel ph": "S1", "channel my": "S2", "thread C1": "S1", "thread C2": "S2", "thread C3": "S1"}


@dataclass(frozen=True)
class Scene:
    """Somebody who listens in the scene."""

    listener: Listener

    def hear(self, text: str, where: str) -> Heard:
        """What the program would do with a line that is said there ("thread C1", "channel ph", "private")."""
        said = Said(text, alone=where == "private", known=lambda: [*PEOPLE])
        return self.listener.hear(said, lambda: surroundings(where))


def surroundings(where: str) -> TalkContext:
    """What the words may mean there."""
    shop = CHANNELS.get(where, "")
    shops = {name: about for name, about in SHOPS.items() if shop in ("", name)}
    cases = tuple(case for case in CASES if case.shop in shops)
    thread = where.removeprefix("thread ") if where.startswith("thread ") else ""
    return TalkContext(thread, cases, shops, PEOPLE, where == "private")


def scene() -> Scene:
    """The scene, with the words of the project."""
    phrases = Phrases(data_root("templates"))
    names = list(dict.fromkeys(key.split(".")[1] for key in phrases.keys("commands.", "en")))
    return Scene(listening(all_handlers(), command_words(phrases, names), talk_words(phrases)))
