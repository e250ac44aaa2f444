"""The shipped profile and catalogue, as every test uses them."""

import tomllib
from pathlib import Path
from typing import Any

from bot.domain.policy import Catalogue, Lexicon, Policy

ROOT = Path(__file__).parents[2]


def load(name: str) -> dict[str, Any]:
    return tomllib.loads((ROOT / "config" / name).read_text("utf-8"))


POLICY = Policy.model_validate(load("policies/tiktok-shop.toml"))
CATALOGUE = Catalogue.model_validate(load("scenarios.toml"))
LEXICONS = {language: Lexicon.model_validate(words) for language, words in load("lexicon.toml").items()}


def policy(section: str = "", **changes: Any) -> Policy:
    """The profile with some values of one section changed."""
    data = load("policies/tiktok-shop.toml")
    target = data[section] if section else data
    target.update(changes)
    return Policy.model_validate(data)
