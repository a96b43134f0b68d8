"""When an order leaves and when it arrives."""

from datetime import UTC, date, datetime, time

import pytest

from orders.rules.promise import add_business_days, promise
from orders.values import SiteCalendar

DAY = (time(8), time(18), time(16))
LONDON = SiteCalendar("Europe/London", {day: DAY for day in range(5)}, processing_minutes=120)


def utc(*args: int) -> datetime:
    return datetime(*args, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "ship_at"),
    [
        (utc(2026, 11, 23, 9), utc(2026, 11, 23, 16)),  # Monday morning leaves the same day
        (utc(2026, 11, 23, 14), utc(2026, 11, 23, 16)),  # ready exactly at the cut-off
        (utc(2026, 11, 23, 14, 1), utc(2026, 11, 24, 16)),  # ready a minute late
        (utc(2026, 11, 23, 17), utc(2026, 11, 24, 16)),  # processing goes on the next morning
        (utc(2026, 11, 27, 20), utc(2026, 11, 30, 16)),  # Friday night leaves on Monday
        (utc(2026, 7, 6, 13), utc(2026, 7, 6, 15)),  # summer time: the cut-off is 15:00 UTC
    ],
)
def test_an_order_leaves_at_the_first_cutoff_after_it_is_ready(at, ship_at):
    assert promise(LONDON, at=at, transit_days=1).ship_at == ship_at


def test_a_closure_moves_the_promise():
    closed = SiteCalendar(
        "Europe/London", LONDON.hours, frozenset({date(2026, 11, 23)}), processing_minutes=120
    )
    made = promise(closed, at=utc(2026, 11, 23, 9), transit_days=2)
    assert made.ship_at == utc(2026, 11, 24, 16)
    assert made.delivery_date == date(2026, 11, 26)


def test_a_site_that_never_works_promises_nothing():
    assert promise(SiteCalendar("UTC", {}), at=utc(2026, 11, 23, 9), transit_days=1) is None


def test_processing_longer_than_a_day_takes_several():
    slow = SiteCalendar("UTC", LONDON.hours, processing_minutes=25 * 60)
    assert promise(slow, at=utc(2026, 11, 23, 8), transit_days=0).ship_at == utc(2026, 11, 25, 16)


@pytest.mark.parametrize(
    ("start", "days", "expected"),
    [
        (date(2026, 11, 27), 1, date(2026, 11, 30)),
        (date(2026, 11, 28), 0, date(2026, 11, 30)),
        (date(2026, 12, 24), 1, date(2026, 12, 28)),
    ],
)
def test_transit_counts_business_days(start, days, expected):
    assert add_business_days(start, days, frozenset({date(2026, 12, 25)})) == expected
