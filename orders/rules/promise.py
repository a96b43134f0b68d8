"""When an order leaves a site and when it arrives."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from orders.values import Promise, SiteCalendar, SourcingSite

HORIZON_DAYS = 60
SATURDAY = 5


def promise(
    calendar: SiteCalendar,
    *,
    at: datetime,
    transit_days: int,
    holidays: frozenset[date] = frozenset(),
) -> Promise | None:
    """Ship-by moment and delivery date for work that may begin at `at`.

    Processing time runs only while the site is open. What is ready by the cut-off of an open day leaves
    on that day, at the cut-off. Transit counts business days (Monday to Friday, without the destination's
    `holidays`) after that day. None when the site has no working day within the horizon.
    """
    ready = _ready(calendar, at)
    ship_at = _next_cutoff(calendar, ready) if ready else None
    if ship_at is None:
        return None
    left_on = ship_at.astimezone(_zone(calendar.timezone)).date()
    return Promise(ship_at, add_business_days(left_on, transit_days, holidays))


def latest_promise(
    calendars: Mapping[int, SiteCalendar],
    sites: Iterable[SourcingSite],
    used: Collection[int],
    at: datetime,
) -> Promise | None:
    """The promise of an order is that of its slowest parcel; None when one cannot be promised."""
    lanes = {site.site_id: site.lane for site in sites}
    made = [
        promise(calendars[site_id], at=at, transit_days=lane.transit_days)
        for site_id in sorted(used)
        if (lane := lanes.get(site_id)) is not None
    ]
    kept = [one for one in made if one is not None]
    if not kept or len(kept) < len(used):
        return None
    return Promise(max(one.ship_at for one in kept), max(one.delivery_date for one in kept))


def add_business_days(start: date, days: int, holidays: frozenset[date]) -> date:
    """The date `days` business days after `start`; with 0, the first business day from `start` on."""
    current = start
    while days > 0 or not _is_business_day(current, holidays):
        current += timedelta(days=1)
        if days > 0 and _is_business_day(current, holidays):
            days -= 1
    return current


def _is_business_day(day: date, holidays: frozenset[date]) -> bool:
    return day.weekday() < SATURDAY and day not in holidays


def _ready(calendar: SiteCalendar, at: datetime) -> datetime | None:
    left = timedelta(minutes=calendar.processing_minutes)
    for opens, closes, _ in _working_days(calendar, at):
        begin = max(opens, at)
        if begin >= closes:
            continue
        if begin + left <= closes:
            return begin + left
        left -= closes - begin
    return None


def _next_cutoff(calendar: SiteCalendar, ready: datetime) -> datetime | None:
    cutoffs = (cutoff for _, _, cutoff in _working_days(calendar, ready))
    return next((cutoff for cutoff in cutoffs if cutoff >= ready), None)


def _working_days(
    calendar: SiteCalendar, start: datetime
) -> Iterator[tuple[datetime, datetime, datetime]]:
    """(opens, closes, cut-off) in UTC of every open day, from the site's local date of `start` on."""
    first = start.astimezone(_zone(calendar.timezone)).date()
    for offset in range(HORIZON_DAYS):
        day = first + timedelta(days=offset)
        hours = calendar.hours.get(day.weekday())
        if hours and day not in calendar.closures:
            opens, closes, cutoff = (_instant(day, moment, calendar.timezone) for moment in hours)
            yield opens, closes, cutoff


@lru_cache(maxsize=4096)
def _instant(day: date, moment: time, timezone: str) -> datetime:
    return datetime.combine(day, moment, tzinfo=_zone(timezone)).astimezone(UTC)


@lru_cache(maxsize=512)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
