"""Working days of countries: their weekends, public holidays, and the days off and on that are moved between them."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import cache, cached_property

from bot.domain.working_days import weekday

COUNTRIES = {name: name for name in ("US", "MY", "TH", "PH", "VN", "SA", "AE")} | {"UK": "GB"}
"""The ISO 3166 codes of sites; of any other site only the weekends are known."""


class WorkingCalendar:
    """Says whether people of some countries work on a day: only when it is a working day in each of them. Without
    any country it is a weekday. The library is loaded at the first question, because most commands ask none."""

    def __init__(self, countries: Sequence[str]) -> None:
        """`countries` are ISO 3166 codes."""
        self.countries = tuple(countries)

    def __call__(self, day: date) -> bool:
        """Whether the local day is a working day."""
        return all(works(day) for works in self._calendars)

    @cached_property
    def _calendars(self) -> tuple[Callable[[date], bool], ...]:
        if not self.countries:
            return (weekday,)
        from holidays import country_holidays

        # China moves working days to weekends before long holidays; the library knows these too, once announced.
        return tuple(country_holidays(country).is_working_day for country in self.countries)


@cache
def calendar_of(site: str) -> WorkingCalendar:
    """The working days of the country of a site."""
    return WorkingCalendar([COUNTRIES[site]] if site in COUNTRIES else [])
