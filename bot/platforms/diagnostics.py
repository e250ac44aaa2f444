"""What every platform's diagnostics have in common: each check is answered in words, and none raises."""

from collections.abc import Callable

from bot.ports.chat import Examination, Unfit


def examined(
    name: str, ask: Callable[[], str], explain: Callable[[Exception], str] = lambda error: ""
) -> Examination:
    """The result of the check `ask`, or why it failed: in the words of Unfit, else those of `explain(error)` when
    it has any, else the error's own."""
    try:
        return Examination(name, True, ask())
    except Unfit as error:
        return Examination(name, False, str(error))
    except Exception as error:
        return Examination(name, False, explain(error) or f"{type(error).__name__}: {error}".removesuffix(": "))
