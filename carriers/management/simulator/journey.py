"""The way of one parcel, decided by seed and tracking number alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from carriers.rules.transit import add_business_days

# How many of a thousand parcels meet what; all others simply arrive.
TROUBLE = {
    "absent": 45,
    "delayed": 30,
    "weather": 8,
    "missorted": 6,
    "shop": 15,
    "bad_address": 5,
    "refused": 4,
    "damaged": 2,
    "lost": 1,
    "customs": 120,  # of those that cross a customs border
}
ZONES = {
    "GB": "Europe/London",
    "IE": "Europe/Dublin",
    "FR": "Europe/Paris",
    "DE": "Europe/Berlin",
    "NL": "Europe/Amsterdam",
    "BE": "Europe/Brussels",
    "ES": "Europe/Madrid",
    "IT": "Europe/Rome",
    "PT": "Europe/Lisbon",
    "US": "America/New_York",
    "AU": "Australia/Sydney",
    "JP": "Asia/Tokyo",
}
EU = frozenset(
    [
        "AT",
        "BE",
        "BG",
        "CY",
        "CZ",
        "DE",
        "DK",
        "EE",
        "ES",
        "FI",
        "FR",
        "GR",
        "HR",
        "HU",
        "IE",
        "IT",
        "LT",
        "LU",
        "LV",
        "MT",
        "NL",
        "PL",
        "PT",
        "RO",
        "SE",
        "SI",
        "SK",
    ]
)
TEXTS = {
    "AR": "Shipment announced",
    "PU": "Collected from sender",
    "HB": "Processed at hub",
    "DP": "Departed",
    "CI": "Held by customs",
    "CO": "Released by customs",
    "DL": "Delayed",
    "WX": "Delayed by weather",
    "MS": "Sorted to a wrong depot",
    "OD": "Out for delivery",
    "NA": "Nobody at home",
    "BA": "Address incomplete",
    "RF": "Refused by recipient",
    "SH": "Ready for collection at a parcel shop",
    "DM": "Damaged",
    "OK": "Delivered",
    "RB": "On the way back to the sender",
    "RS": "Returned to sender",
}


@dataclass(frozen=True)
class Step:
    """An event as planned; `at` keeps the local zone."""

    at: datetime
    code: str
    place: str

    @property
    def text(self) -> str:
        return TEXTS[self.code]


@dataclass(frozen=True)
class Parcel:
    number: str
    begins_at: datetime
    business_days: int
    origin_country: str
    destination_country: str


class _Diary:
    """Collects steps in the order of time, each in the local zone of its place."""

    def __init__(self, parcel: Parcel, rng: Random) -> None:
        self.parcel, self.rng = parcel, rng
        self.steps: list[Step] = []

    def add(self, at: datetime, code: str, country: str, town: str) -> None:
        local = at.astimezone(_zone(country))
        self.steps.append(Step(local, code, f"{town}, {country}"))

    def on_day(self, day: date, hours: tuple[int, int], code: str, *, home: bool = True) -> None:
        """An event on a day, at some minute between two local hours."""
        country = self.parcel.destination_country if home else self.parcel.origin_country
        minute = self.rng.randrange(hours[0] * 60, hours[1] * 60)
        local = datetime.combine(day, time(minute // 60, minute % 60), tzinfo=_zone(country))
        at = max(local.astimezone(UTC), self._last_at() + timedelta(minutes=10))
        self.add(at, code, country, "Local depot")

    def _last_at(self) -> datetime:
        return self.steps[-1].at.astimezone(UTC) if self.steps else self.parcel.begins_at


def plan(parcel: Parcel, *, seed: int, trouble: Mapping[str, int]) -> list[Step]:
    """Every event of the parcel's way, in the order of time. Same seed and number: same way."""
    rng = Random(f"{seed}:{parcel.number}")  # noqa: S311 - a simulation
    diary = _Diary(parcel, rng)
    kind = _kind(rng, trouble)
    arrival = _transit(diary, kind, trouble)
    if kind != "lost":
        _ending(diary, kind, arrival)
    return diary.steps


def expected_day(parcel: Parcel) -> date:
    local = parcel.begins_at.astimezone(_zone(parcel.origin_country)).date()
    return add_business_days(local, parcel.business_days)


def _kind(rng: Random, trouble: Mapping[str, int]) -> str:
    drawn = rng.randrange(1000)
    for kind, per_mille in trouble.items():
        if kind == "customs":
            continue
        if drawn < per_mille:
            return kind
        drawn -= per_mille
    return "normal"


def _transit(diary: _Diary, kind: str, trouble: Mapping[str, int]) -> date:
    """From the sender to the last depot; returns the day of the first delivery attempt."""
    parcel, rng = diary.parcel, diary.rng
    home, away = parcel.origin_country, parcel.destination_country
    at = parcel.begins_at + timedelta(minutes=rng.randrange(30, 180))
    diary.add(at, "PU", home, "Collection depot")
    at += timedelta(minutes=rng.randrange(60, 300))
    diary.add(at, "HB", home, "Central hub")
    diary.add(at + timedelta(minutes=45), "DP", home, "Central hub")
    day = expected_day(parcel)
    if kind == "lost":
        return day
    if _has_customs(home, away) and rng.randrange(1000) < trouble.get("customs", 0):
        diary.on_day(day, (7, 10), "CI")
        day = add_business_days(day, rng.randrange(1, 3))
        diary.on_day(day, (7, 10), "CO")
        day = add_business_days(day, 1)
    late = {"delayed": "DL", "weather": "WX", "missorted": "MS"}.get(kind)
    if late:
        diary.on_day(day, (6, 9), late)
        day = add_business_days(day, rng.randrange(1, 3))
    if parcel.business_days:
        diary.on_day(day, (4, 7), "HB")
    return day


def _ending(diary: _Diary, kind: str, day: date) -> None:
    """What happens at the recipient's door, and after."""
    diary.on_day(day, (7, 9), "OD")
    if kind in {"absent", "bad_address"}:
        diary.on_day(day, (10, 18), "NA" if kind == "absent" else "BA")
        day = add_business_days(day, 1 if kind == "absent" else 2)
        diary.on_day(day, (7, 9), "OD")
    if kind == "shop":
        diary.on_day(day, (12, 16), "SH")
        day = add_business_days(day, diary.rng.randrange(1, 4))
    if kind in {"refused", "damaged"}:
        diary.on_day(day, (10, 18), "RF" if kind == "refused" else "DM")
        diary.on_day(add_business_days(day, 1), (8, 12), "RB")
        back = add_business_days(day, 1 + max(diary.parcel.business_days, 1))
        diary.on_day(back, (9, 15), "RS", home=False)
        return
    diary.on_day(day, (10, 19), "OK")


def _has_customs(home: str, away: str) -> bool:
    return home != away and not {home, away} <= EU


def _zone(country: str) -> ZoneInfo:
    return ZoneInfo(ZONES.get(country, "UTC"))
