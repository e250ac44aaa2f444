"""Recognises exports among files that arrive: each alone, and those in an archive or a mail, one level deep."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.conversation.events import Upload
from bot.ports.reading import Reader
from bot.ports.sources import ExportReader, ExportSigns
from bot.services.prefetching import PrefetchingReader

NOT_INSIDE = "no_export_inside"


@dataclass(frozen=True)
class FoundFile:
    """A file that arrived or that came in one that did, what its first rows say, and its SHA-256 when it came in
    another ("" else)."""

    upload: Upload
    signs: ExportSigns
    sha256: str = ""


@dataclass(frozen=True)
class Arrived:
    """A file that arrived, itself and what is in it: `files` are those in it, `has_words` whether it has words of its
    own, as a mail does, and `warnings` are the reader's about what was not taken out."""

    whole: FoundFile
    files: tuple[FoundFile, ...] = ()
    has_words: bool = False
    warnings: tuple[str, ...] = ()

    @property
    def exports(self) -> Sequence[FoundFile]:
        """The exports: the file itself, or those in it."""
        return [each for each in (self.whole, *self.files) if each.signs.kinds]

    @property
    def others(self) -> Sequence[FoundFile]:
        """Those of the files in it that are no exports."""
        return [each for each in self.files if not each.signs.kinds]

    @property
    def why(self) -> ExportSigns:
        """Why it is no export: what is missing in the first table of it, where there is one."""
        tables = [each.signs for each in (*self.files, self.whole) if each.signs.why == "columns_missing"]
        return tables[0] if tables else ExportSigns(why=NOT_INSIDE) if self.files else self.whole.signs

    def may_be_evidence(self, either: bool) -> bool:
        """Whether anything of it may be evidence; with `either` that may also be the words of a mail with exports."""
        return not self.exports or bool(self.others) or (either and self.has_words)


class ArrivingFiles:
    """Looks at uploads before their turn takes the lock of the conversation: recognises exports, and has all else
    read as evidence. What was seen is remembered until the turn is over."""

    def __init__(self, ahead: PrefetchingReader, reader: Reader, exports: ExportReader) -> None:
        self.reading, self.reader, self.exports = ahead, reader, exports
        self._known: dict[Path, Arrived] = {}

    @contextmanager
    def ahead(self, uploads: Sequence[Upload]) -> Iterator[None]:
        """Look at the uploads, and remember what was seen until the block ends."""
        with self.looked_at(uploads) as arrived:
            evidence = [each for each in arrived if each.may_be_evidence(either=True)]
            files = [each.upload for found in evidence for each in (found.whole, *found.others)]
            with self.reading.ahead(files):
                yield

    @contextmanager
    def looked_at(self, uploads: Sequence[Upload]) -> Iterator[Sequence[Arrived]]:
        """What the uploads are, as it is remembered or as it is found now; the files that came in them lie on the
        disk until the block ends."""
        with ExitStack() as stack:
            for each in uploads:
                if each.path not in self._known:
                    self._known[each.path] = self._look(each, stack)
                    stack.callback(self._known.pop, each.path, None)
            yield [self._known[each.path] for each in uploads]

    def _look(self, upload: Upload, stack: ExitStack) -> Arrived:
        if upload.problem:
            return Arrived(FoundFile(upload, ExportSigns()))
        whole = FoundFile(upload, self.exports.recognise(upload.path))
        contents = None if whole.signs.kinds else self.reader.contents(upload.path)
        if contents is None or not contents.files:
            return Arrived(whole)
        folder = Path(stack.enter_context(TemporaryDirectory()))
        files = tuple(self._unpacked(folder, contents.files))
        return Arrived(whole, files, contents.has_words, contents.warnings)

    def _unpacked(self, folder: Path, files: Sequence[tuple[str, bytes]]) -> Iterator[FoundFile]:
        for number, (name, data) in enumerate(files):
            path = folder / str(number)
            path.write_bytes(data)
            signs = self.exports.recognise(path)
            yield FoundFile(Upload(path, name, len(data)), signs, hashlib.sha256(data).hexdigest())
