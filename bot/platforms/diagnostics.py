"""How every platform examines itself: one question after the other, each answered in words, none raising."""

from collections.abc import Callable

from bot.ports.chat import Examination


class Unfit(Exception):
    """Something to mend; says what to do."""


def examined(
    name: str, ask: Callable[[], str], explain: Callable[[Exception], str] = lambda error: ""
) -> Examination:
    """What `ask` finds, or why it fails: in the words of Unfit, of `explain` where it has any, or the error's own."""
    try:
        return Examination(name, True, ask())
    except Unfit as error:
        return Examination(name, False, str(error))
    except Exception as error:
        return Examination(name, False, explain(error) or f"{type(error).__name__}: {error}".removesuffix(": "))
