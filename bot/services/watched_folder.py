"""Takes the exports that a sync client or a script puts into a watched folder: one sub-folder for each shop."""

import logging
import os
import stat
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from bot.conversation.events import Upload
from bot.domain.filename import safe_name
from bot.domain.orders import Shop
from bot.domain.previews import Preview, PreviewState
from bot.ports.clock import Clock
from bot.ports.previews import ExportFolder
from bot.ports.store import UnitFactory
from bot.services.arriving import Arrived, FoundFile
from bot.services.import_cards import ImportCards
from bot.services.imports_shown import FOLDER
from bot.services.previews import LookedAt

log = logging.getLogger(__name__)

DONE, REFUSED, TAKING = "done", "refused", ".taking"
STILL_SECONDS = 10.0
"""A file is taken once nobody has changed it for so long: before that it may be half written."""
_UNFINISHED = (
    ".tmp",
    ".part",
    ".partial",
    ".crdownload",
    ".download",
    ".filepart",
    ".swp",
    ".lock",
    ".!sync",
    ".bts",
)
_BEGINNINGS = (".", "~", "$")
_SYSTEM = ("desktop.ini", "thumbs.db", "icon\r")


def is_temporary(name: str) -> bool:
    """Whether a file is one that a sync client, a browser, an editor or the system has not finished or keeps for
    itself."""
    lower = name.casefold()
    return lower.startswith(_BEGINNINGS) or lower.endswith(_UNFINISHED) or lower in _SYSTEM


class WatchedFolder:
    """Imports what lies in the sub-folder of a shop, moves the file to `done/` or `refused/` there, and writes beside
    it a report of what came of it. A card in the shop's channel says the same."""

    def __init__(
        self,
        root: Path,
        units: UnitFactory,
        clock: Clock,
        looked_at: LookedAt,
        folder: ExportFolder,
        cards: ImportCards,
        run: Callable[[str], None],
        say: Callable[..., str],
        now: Callable[[], float] = time.time,
    ) -> None:
        """`run(export id)` reads or imports one export as far as it is to be; `say` is a text in the team's language,
        `now` the machine's time in epoch seconds, with which files are dated."""
        self.root, self.units, self.clock, self.looked_at, self.folder = root, units, clock, looked_at, folder
        self.cards, self.run, self.say, self.now = cards, run, say, now

    def tick(self) -> None:
        """Take what lies there finished. A file that cannot be taken now is left, and looked at again."""
        with self.units(read_only=True) as unit:
            shops = {shop.id: shop for shop in unit.shops.all()}
        for shop in shops.values():
            place = self.root / shop.id
            for path in self._finished(place):
                try:
                    self._take(shop, path)
                except OSError as error:
                    log.warning("the export %s stays in its folder: %s", path, error)

    def _finished(self, place: Path) -> Iterator[Path]:
        """The files of a shop that stand still, oldest first; also those that a crash left half taken."""
        if place.is_symlink() or not place.is_dir():
            return
        left = [path for path in (place / TAKING).glob("*") if path.is_file()]
        waiting = [path for path in place.iterdir() if not is_temporary(path.name)]
        yield from left
        for path in sorted(waiting, key=lambda each: each.lstat().st_mtime):
            state = path.lstat()
            still = self.now() - max(state.st_mtime, state.st_ctime) >= STILL_SECONDS
            if path.is_symlink() or (stat.S_ISREG(state.st_mode) and still):
                yield path

    def _take(self, shop: Shop, path: Path) -> None:
        if path.is_symlink():
            self._move(path, shop, REFUSED, self.say("previews.report_link", file=path.name))
            return
        mine = self._claimed(shop, path)
        if mine is None or mine.is_symlink():
            return
        previews = self._previewed(shop, mine)
        for preview in previews:
            if preview.state is PreviewState.WAITING and not preview.unsettled:
                with self.units() as unit:
                    queued = (PreviewState.WAITING,)
                    unit.previews.decide(preview.id, queued, PreviewState.QUEUED, FOLDER, self.clock.now())
                self.run(preview.id)
        self._report(shop, mine, [self._loaded(each.id) for each in previews])

    def _claimed(self, shop: Shop, path: Path) -> Path | None:
        """The file in the folder of what is being taken; None when another process was first."""
        taking = self.root / shop.id / TAKING
        if path.parent == taking:
            return path
        taking.mkdir(exist_ok=True)
        try:
            return path.rename(_free(taking / path.name))
        except FileNotFoundError:
            return None

    def _previewed(self, shop: Shop, path: Path) -> list[Preview]:
        """The file as an export that has been read, or the exports in it; one that says why it is none."""
        upload = Upload(path, path.name, path.stat().st_size)
        with self.looked_at([upload]) as [arrived]:
            files = arrived.exports or [FoundFile(upload, arrived.why)]
            kept = [self._keep(shop, path, number, each, arrived) for number, each in enumerate(files)]
        with self.units() as unit:
            self.cards.show(unit, kept[0].group)
        for each in kept:
            self.run(each.id)
        return [self._loaded(each.id) for each in kept]

    def _keep(self, shop: Shop, path: Path, number: int, file: FoundFile, arrived: Arrived) -> Preview:
        signs, upload = file.signs, file.upload
        stored = self.folder.keep(upload.path)
        state = PreviewState.READING if signs.kinds else PreviewState.REFUSED
        channel = next(iter(shop.channels), "console:ops")
        name = f"folder:{shop.id}:{path.stat().st_mtime_ns}:{path.name}"
        new = Preview(
            "", name, channel, "", FOLDER, self.clock.now(), safe_name(upload.file_name), stored, upload.size,
            signs.kinds, signs.kinds[0] if len(signs.kinds) == 1 else "", signs.sites, signs.ids, (shop.id,),
            shop.id, "person", state, came_in=safe_name(path.name) if file.sha256 else "", warnings=arrived.warnings,
        )  # fmt: skip
        if not signs.kinds:
            new = replace(new, problem=signs.why or "not_table", params=dict(signs.params))
        elif not new.kind:
            new = replace(new, state=PreviewState.WAITING)
        with self.units() as unit:
            kept = unit.previews.add(new, number)
        if kept.stored != stored:
            self.folder.drop(stored)
        return kept

    def _loaded(self, preview_id: str) -> Preview:
        with self.units(read_only=True) as unit:
            found = unit.previews.get(preview_id)
        assert found, "it was stored a moment ago"
        return found

    def _report(self, shop: Shop, path: Path, previews: Sequence[Preview]) -> None:
        """Move the file to where it belongs, with the words of its card beside it."""
        states = {each.state for each in previews}
        if states & {PreviewState.QUEUED, PreviewState.RUNNING, PreviewState.READING}:
            return
        with self.units(read_only=True) as unit:
            words = self.cards.card(unit, previews[0].group).plain()
        self._move(path, shop, DONE if states == {PreviewState.TAKEN} else REFUSED, words)

    def _move(self, path: Path, shop: Shop, into: str, words: str) -> None:
        place = self.root / shop.id / into
        if place.is_symlink():
            raise OSError(f"{place} is a link")
        place.mkdir(exist_ok=True)
        target = path.rename(_free(place / path.name))
        target.with_name(f"{target.name}.report.txt").write_text(words + "\n", "utf-8")


def _free(path: Path) -> Path:
    """A path like this one under which nothing lies yet."""
    number, free = 1, path
    while os.path.lexists(free):
        number += 1
        free = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return free
