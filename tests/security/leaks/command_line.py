"""The same questions at the command line: `say --as PERSON --in CHANNEL`, exit code and text."""

import re
from collections.abc import Iterator
from itertools import islice

from click.testing import CliRunner

from bot.cli.main import main
from tests.security.leaks.asking import Asking
from tests.security.leaks.judging import unnamed
from tests.security.leaks.world import NOBODYS, NOTHING, World

Answer = tuple[int, str, str]
"""(exit code, output, errors)"""


def spoken_pairs(world: World, seed: int, count: int) -> Iterator[tuple[list[str], Answer, Answer]]:
    """So many questions: the words, the answer about another team's things, and that about what does not exist."""
    asking = Asking(seed, world.app.phrases, world.app.command_names)
    said = (pair for pair in asking.questions() if pair[0].kind == "said" and pair[0].text)
    own = {f"own_{name}": value for name, value in NOBODYS.items()}
    for question, team in islice(said, count):
        answers = []
        for things in (world.things[team], NOTHING):
            world.state.again()
            about = {**things, **own}
            asker = question.asker
            words = ["say", question.text.format_map(about), "--as", asker.person, "--in", asker.channel, "--json"]
            words += ["--thread", question.thread.format_map(about)] if question.thread else []
            result = CliRunner().invoke(main, [*words, "--config", str(world.folder / "odr-bot.toml")])
            told = [
                re.sub(r"say-[0-9a-f]{16}", "#", unnamed(text.replace(asker.person, "ASKER"), things, question.names))
                for text in (result.stdout, result.stderr)
            ]
            answers.append((result.exit_code, told[0], told[1]))
        yield words, answers[0], answers[1]
