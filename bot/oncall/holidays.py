"""The public holidays of countries, by name."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from types import MappingProxyType


@lru_cache(maxsize=256)
def public_holidays(country: str, year: int) -> Mapping[date, str]:
    """The public holidays of a country (ISO code), in English where known; ValueError if none are known for it."""
    import holidays  # slow to import, and most calendars do without

    try:
        return MappingProxyType(dict(holidays.country_holidays(country, years=year, language="en_US")))
    except NotImplementedError:
        raise ValueError(
            f"No public holidays are known for {country!r}: give an ISO country code, such as KE."
        ) from None
