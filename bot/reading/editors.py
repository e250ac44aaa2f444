"""Traces of editing programs in what a file says of its maker (domain.md §5 `edited`)."""

from collections.abc import Iterable

from bot.domain.remark import Remark


def editing_traces(makers: Iterable[str], editors: Iterable[str]) -> tuple[str, ...]:
    """The makers that are editing programs, as wording keys ("editor:Adobe Photoshop 25.0"), each once."""
    known = [editor.lower() for editor in editors]
    edited = (maker.strip() for maker in makers if any(editor in maker.lower() for editor in known))
    return tuple(str(Remark("editor", maker)) for maker in dict.fromkeys(edited))
