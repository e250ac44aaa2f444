"""What columns and values are called: config/mappings.toml, validated, and looked up by normalised name."""

import unicodedata
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from bot.domain.orders import DefectType
from bot.settings import load_data

Kind = Literal["orders", "returns", "reviews", "ratings", "defects"]
Names = tuple[str, ...]


def normalised(name: str) -> str:
    """Letters and digits only, width and case folded: "Cancelation/Return Type " -> "cancelationreturntype"."""
    return "".join(char for char in unicodedata.normalize("NFKC", name).casefold() if char.isalnum())


def word(value: str) -> str:
    """A cell's value for comparison with the words of the mapping."""
    return unicodedata.normalize("NFKC", value).strip().lower()


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class KindMapping(_Data):
    """One kind of file: its columns by field, and groups of fields of which one each must be there."""

    required: Annotated[tuple[Annotated[Names, Field(min_length=1)], ...], Field(min_length=1)]
    columns: dict[str, Annotated[Names, Field(min_length=1)]]

    @model_validator(mode="after")
    def _required_are_mapped(self) -> "KindMapping":
        if unknown := sorted({field for group in self.required for field in group} - set(self.columns)):
            raise ValueError(f"required fields without column names: {unknown}")
        return self

    @cached_property
    def by_header(self) -> dict[str, str]:
        """Field by normalised column name."""
        return {normalised(name): field for field, names in self.columns.items() for name in names}


class OrderWords(_Data):
    """Values of an order's status and type, in the languages of the sites."""

    valid: Names
    invalid: Names


class ReturnWords(_Data):
    """Values of a return's status: still measured, or rejected and cancelled."""

    counted: Names
    not_counted: Names


class FlagWords(_Data):
    """Values of the column `valid`."""

    yes: Names
    no: Names


class Words(_Data):
    """Values that files write, by meaning."""

    order: OrderWords
    returned: ReturnWords
    flag: FlagWords
    defect_type: dict[DefectType, Names]


class Mappings(_Data):
    """config/mappings.toml."""

    month_first_sites: Names
    kinds: dict[Kind, KindMapping]
    words: Words


def load_mappings(folder: Path) -> Mappings:
    """`mappings.toml` of the configuration folder; raises ConfigError with file, key and what was expected."""
    return load_data(folder / "mappings.toml", Mappings)
