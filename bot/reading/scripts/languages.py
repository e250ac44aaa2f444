"""The languages that a model of Tesseract reads: their letters, and which file with what content is the model."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path

MODELS = Path(__file__).parents[1] / "models"
_LETTERS_OF_VIETNAMESE = "ÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝĂĐĨŨƠƯẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸ"


@dataclass(frozen=True)
class Language:
    """A language by its ISO 639-1 code. `letters` is the class of its letters that are not ASCII;
    `heights` are those in pixels at which lines of it are read best; `leftward` says that lines run from the right,
    `latin` that its other letters are Latin ones; `sha256` is that of the model `name`.traineddata in
    `folder`."""

    code: str
    name: str
    letters: str
    heights: tuple[int, ...]
    sha256: str
    leftward: bool = False
    latin: bool = False
    folder: Path = MODELS

    @property
    def model(self) -> Path:
        """The path of the language's Tesseract model."""
        return self.folder / f"{self.name}.traineddata"

    @cached_property
    def own(self) -> re.Pattern[str]:
        """Finds one of its letters."""
        return re.compile(f"[{self.letters}]")


LANGUAGES: Mapping[str, Language] = {
    language.code: language
    for language in (
        Language(
            "th",
            "tha",
            "\u0e01-\u0e5b",
            (48, 44, 36),
            "294227cc2d1292b0acb28d61d4115c88252b96d466ca90b417cf4cf0c67bf07c",
        ),
        Language(
            "ar",
            "ara",
            "\u0620-\u065f\u066e-\u06d5\ufb50-\ufdff\ufe70-\ufefc",
            (28, 32, 36),
            "e3206d3dc87fd50c24a0fb9f01838615911d25168f4e64415244b67d2bb3e729",
            leftward=True,
        ),
        Language(
            "vi",
            "vie",
            _LETTERS_OF_VIETNAMESE + _LETTERS_OF_VIETNAMESE.lower(),
            (48, 40, 36),
            "79df64caf7bcfb2a27df5042ecb6121e196eada34da774956995747636d5bfa1",
            latin=True,
        ),
    )
}
ARABIC = LANGUAGES["ar"].own


def missing(languages: Iterable[Language]) -> list[str]:
    """What is needed for reading these languages and is not there, or is not what it should be."""
    lacking = [] if find_spec("tesserocr") else ["tesserocr"]
    return lacking + [language.model.name for language in languages if not _is_sound(language)]


def _is_sound(language: Language) -> bool:
    try:
        with language.model.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == language.sha256
    except OSError:
        return False
