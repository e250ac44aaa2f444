"""The names of columns and values: config/mappings.toml, validated, and looked up by normalised name."""

from functools import cache, lru_cache
from itertools import chain
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from bot.domain.orders import DefectType
from bot.domain.text import folded
from bot.settings.files import load_data

Kind = Literal["orders", "returns", "reviews", "ratings", "defects"]
Names = tuple[str, ...]
ByLanguage = dict[str, Annotated[Names, Field(min_length=1)]]


def normalised(name: str) -> str:
    """Letters and digits only, width and case folded: "Cancelation/Return Type " -> "cancelationreturntype"."""
    return "".join(char for char in folded(name) if char.isalnum())


@lru_cache(maxsize=10_000)
def word(value: str) -> str:
    """A cell's value for comparison with the words of the mapping (domain.md §1a, same text)."""
    return folded(value)


class _MappingData(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class KindMapping(_MappingData):
    """One kind of file: its columns by field, and groups of fields of each of which at least one must be there."""

    required: Annotated[tuple[Annotated[Names, Field(min_length=1)], ...], Field(min_length=1)]
    columns: dict[str, Annotated[Names, Field(min_length=1)]]

    @model_validator(mode="after")
    def _required_are_mapped(self) -> "KindMapping":
        if unknown := sorted({field for group in self.required for field in group} - set(self.columns)):
            raise ValueError(f"required fields without column names: {unknown}")
        return self


class OrderWords(_MappingData):
    """Values of an order's status and type, by language."""

    valid: ByLanguage
    invalid: ByLanguage

    @model_validator(mode="after")
    def _one_meaning(self) -> "OrderWords":
        _apart(self.valid, self.invalid)
        return self


class ReturnWords(_MappingData):
    """Values of a return's status, by language: still measured, or rejected and cancelled."""

    counted: ByLanguage
    not_counted: ByLanguage

    @model_validator(mode="after")
    def _one_meaning(self) -> "ReturnWords":
        _apart(self.counted, self.not_counted)
        return self


def all_words(names: ByLanguage) -> frozenset[str]:
    """The words of every language, in the form in which cells are compared with them."""
    return frozenset(word(name) for name in chain.from_iterable(names.values()))


def _apart(one: ByLanguage, other: ByLanguage) -> None:
    if both := sorted(all_words(one) & all_words(other)):
        raise ValueError(f"words with two meanings: {', '.join(both)}")


class FlagWords(_MappingData):
    """The words of the column `valid` for true and false."""

    yes: Names
    no: Names


class Words(_MappingData):
    """The values that files contain, by their meaning."""

    order: OrderWords
    cash_on_delivery: ByLanguage
    returned: ReturnWords
    flag: FlagWords
    defect_type: dict[DefectType, Names]


class Mappings(_MappingData):
    """The content of config/mappings.toml. `countries` are names of each site's country; `site_columns` are names of
    columns that only the exports of that site have all of."""

    month_first_sites: Names
    countries: dict[str, Names]
    site_columns: dict[str, Names]
    kinds: dict[Kind, KindMapping]
    words: Words


@cache
def load_mappings(folder: Path) -> Mappings:
    """`mappings.toml` of the configuration folder, read once a process; raises ConfigError with file, key and what
    was expected."""
    return load_data(folder / "mappings.toml", Mappings)
