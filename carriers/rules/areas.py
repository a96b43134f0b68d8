"""Which zone or transit time holds between two places."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

from carriers.values.rating import AreaRow, Areas, Place

T = TypeVar("T")
ANY = ""


def normalise_postal(code: str) -> str:
    """The form that prefixes are compared in: capitals without spaces and hyphens."""
    return code.upper().replace(" ", "").replace("-", "")


def build_areas(rows: Iterable[AreaRow[T]]) -> Areas[T]:
    by_lane: dict[tuple[str, str], dict[str, T]] = {}
    for row in rows:
        lane = by_lane.setdefault((row.origin_country, row.country), {})
        lane[normalise_postal(row.postal_prefix)] = row.value
    return Areas(by_lane)


def find_area(areas: Areas[T], origin_country: str, destination: Place) -> T | None:
    """The value of the most specific row, or None.

    Rows of the origin country go before rows of every origin, rows of the destination country
    before those of "any other country", and among them the longest postal prefix wins.
    """
    code = normalise_postal(destination.postal_code)
    for country in (destination.country, ANY):
        for origin in (origin_country, ANY):
            prefixes = areas.by_lane.get((origin, country))
            if prefixes:
                found = _longest_prefix(prefixes, code)
                if found is not None:
                    return found
    return None


def _longest_prefix(prefixes: Mapping[str, T], code: str) -> T | None:
    for length in range(len(code), -1, -1):
        value = prefixes.get(code[:length])
        if value is not None and not _cuts_letters(code, length):
            return value
    return None


def _cuts_letters(code: str, length: int) -> bool:
    """A prefix of letters means the whole group: E is east London, not Edinburgh's EH."""
    return 0 < length < len(code) and code[length - 1].isalpha() and code[length].isalpha()
