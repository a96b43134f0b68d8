"""When a carrier collects and when it delivers, in local days."""

from datetime import date, datetime, time, timedelta

SATURDAY = 5
NO_HOLIDAYS: frozenset[date] = frozenset()


def pickup_date(
    ready_at: datetime, cutoff: time | None, holidays: frozenset[date] = NO_HOLIDAYS
) -> date:
    """The business day on which the carrier takes what is ready at this local time.

    Until the cut-off it goes the same day, later the next.
    """
    day = ready_at.date()
    if cutoff is not None and ready_at.time() > cutoff:
        day += timedelta(days=1)
    return add_business_days(day, 0, holidays)


def add_business_days(start: date, days: int, holidays: frozenset[date] = NO_HOLIDAYS) -> date:
    """The date `days` business days (Monday to Friday) after `start`; 0: the first from it on."""
    current = _business_day_from(start, holidays)
    if days and current != start:
        days -= 1  # moving off a closed day is the first of the days
    for _ in range(days):
        current = _business_day_from(current + timedelta(days=1), holidays)
    return current


def _business_day_from(day: date, holidays: frozenset[date]) -> date:
    while day.weekday() >= SATURDAY or day in holidays:
        day += timedelta(days=1)
    return day
