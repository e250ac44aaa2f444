"""Translates between people and their accounts on one platform, by the settings and the database."""

from bot.ports.store import UnitFactory
from bot.runtime.team import accounts
from bot.settings.model import Settings


class Accounts:
    """The accounts of one platform. What the settings say of an account or a person goes before the database; `given`
    are theirs, by person id."""

    def __init__(self, settings: Settings, platform: str, units: UnitFactory) -> None:
        self.platform, self.units = platform, units
        given = accounts(settings)
        self.given = {person: own[platform] for person, own in given.items() if platform in own}
        self._people = {account: person for person, account in self.given.items()}

    def person(self, account: str) -> str:
        """The id of the person with this account; the account itself for somebody known by nothing else."""
        if account in self._people:
            return self._people[account]
        with self.units(read_only=True) as unit:
            return unit.members.person_of(self.platform, account) or account

    def account(self, person: str) -> str:
        """The account of a person; the id itself for somebody known by nothing else."""
        if person in self.given:
            return self.given[person]
        with self.units(read_only=True) as unit:
            return unit.members.account_of(self.platform, person) or person
