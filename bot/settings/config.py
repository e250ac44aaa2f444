"""The data files of config/, read, checked, and joined with the settings of shops."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from bot.domain.carriers import TrackingPage
from bot.domain.orders import Shop
from bot.domain.policy import Catalogue, Lexicon, Policy, RejectionCode
from bot.rules import check_playbook, check_profile
from bot.settings.files import ConfigError, data_root, load_data
from bot.settings.model import Settings, policy_path
from bot.settings.team import ShopSettings

Data = TypeVar("Data")


@dataclass(frozen=True)
class Config:
    """The validated data files of config/. `zones` are the usual IANA time zones of the sites."""

    policy: Policy
    catalogue: Catalogue
    lexicons: Mapping[str, Lexicon]
    codes: Mapping[str, RejectionCode]
    zones: Mapping[str, str]

    def shop(self, item: ShopSettings) -> Shop:
        """A shop as the settings list it; its name defaults to its id, its zone to the site's usual one."""
        values = item.model_dump()
        values["timezone"] = item.timezone or self.zones.get(item.site, "UTC")
        values["name"] = item.name or item.id
        return Shop(**values)


def load_config(settings: Settings) -> Config:
    """Read and check the data files. Raises ConfigError with the file, the key and what was expected."""
    root, path = data_root("config"), policy_path(settings)
    playbook = root / "playbook.toml"
    return Config(
        _checked(load_data(path, Policy), check_profile, f"{path}: rules"),
        _catalogue(root),
        load_data(root / "lexicon.toml", dict[str, Lexicon]),
        _checked(load_data(playbook, dict[str, RejectionCode], "codes"), check_playbook, f"{playbook}: codes"),
        load_data(root / "sites.toml", dict[str, str], "timezones"),
    )


def _catalogue(root: Path) -> Catalogue:
    pages = load_data(root / "carriers.toml", tuple[TrackingPage, ...], "carriers")
    return load_data(root / "scenarios.toml", Catalogue).model_copy(update={"tracking_pages": pages})


def _checked(data: Data, check: Callable[[Data], object], where: str | Path) -> Data:
    try:
        check(data)
    except ValueError as error:
        raise ConfigError(f"{where}: {error}") from error
    return data
