"""Several files that came as one, such as a mail with its attachments: their facts as one file's."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain
from typing import TypeVar

from bot.domain.evidence import Facts

Item = TypeVar("Item")


def combined(parts: Sequence[Facts], media_type: str) -> Facts:
    """The facts of all `parts`, the first one leading: each number and name once, one kind, one capture date. Places
    are left out, for they are places in files that nobody keeps apart; so are order ids that were hardly legible."""
    kinds = [part for part in parts if part.kind_certain] or [part for part in parts if part.kind] or list(parts)
    captured = next((part for part in parts if part.captured_at), parts[0])
    sites = _once([part.site] if part.site else [] for part in parts)
    return replace(
        parts[0],
        media_type=media_type,
        kind=kinds[0].kind,
        kind_certain=kinds[0].kind_certain,
        readable=any(part.readable for part in parts),
        tracking_numbers=_once(part.tracking_numbers for part in parts),
        candidates=_once(part.candidates for part in parts),
        order_ids=_once(_sure(part) for part in parts),
        timestamps=tuple(chain.from_iterable(part.timestamps for part in parts)),
        captured_at=captured.captured_at,
        captured_from=captured.captured_from,
        site=sites[0] if len(sites) == 1 else "",
        hosts=_once(part.hosts for part in parts),
        languages=_once(part.languages for part in parts),
        buyers=_once(part.buyers for part in parts),
        messages=next((part.messages for part in parts if part.messages), ()),
        gaps=_once(part.gaps for part in parts),
        log_events=tuple(chain.from_iterable(part.log_events for part in parts)),
        personal=_once(part.personal for part in parts),
        words="\n".join(part.words for part in parts if part.words),
        issuer=next((part.issuer for part in parts if part.issuer), ""),
        seal=next((part.seal for part in parts if part.seal is not None), None),
        period=next((part.period for part in parts if part.period), None),
        traces_of_editing=_once(part.traces_of_editing for part in parts),
        warnings=_once(part.warnings for part in parts),
        spots=(),
    )


def _sure(part: Facts) -> list[str]:
    return [order_id for order_id in part.order_ids if part.surely("order_ids", order_id)]


def _once(lists: Iterable[Iterable[Item]]) -> tuple[Item, ...]:
    return tuple(dict.fromkeys(chain.from_iterable(lists)))
