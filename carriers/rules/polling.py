"""When to ask a carrier about a parcel again.

By status: often while it is out for delivery, seldom while it waits. A parcel that has been silent
for long is asked less and less; after `give_up_after` not at all. Failures wait longer each time.
Each parcel is moved by up to `spread_percent` by its id, so that they do not come back all at once.
"""

from datetime import datetime, timedelta

from carriers.rules.backoff import doubling
from carriers.states import CLOSED_TRACKINGS
from carriers.values.tracking import PollPolicy

# Silent for longer than this many days: wait this many times as long.
SLOWER_AFTER = ((21, 8), (10, 4), (4, 2))
DEFAULT_INTERVAL = timedelta(hours=4)
PRIME = 7919


def next_poll(
    status: str, *, at: datetime, last_news_at: datetime, spread: int, policy: PollPolicy
) -> datetime | None:
    """The next time to ask after an answer; None when the parcel needs no more asking."""
    silent = (at - last_news_at) * policy.speed
    if status in CLOSED_TRACKINGS or silent >= policy.give_up_after:
        return None
    interval = dict(policy.intervals).get(status, DEFAULT_INTERVAL)
    slower = next((factor for days, factor in SLOWER_AFTER if silent >= timedelta(days=days)), 1)
    return at + _spread(interval * slower / policy.speed, spread, policy)


def next_poll_after_failure(
    failures: int, *, at: datetime, spread: int, policy: PollPolicy, retry_after_s: float = 0
) -> datetime:
    """The next time to ask after failures in a row; Retry-After is obeyed when longer."""
    delay = doubling(failures, policy.failure_base, policy.failure_cap)
    waited = max(_spread(delay, spread, policy), timedelta(seconds=retry_after_s))
    return at + waited


def _spread(delay: timedelta, spread: int, policy: PollPolicy) -> timedelta:
    if not policy.spread_percent:
        return delay
    return delay + delay * (spread * PRIME % policy.spread_percent) / 100
