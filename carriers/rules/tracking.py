"""Where a parcel is: a function of the set of its events, so order and repetition cannot matter.

1. A delivery is final, unless the way back had begun before it: then it is the sender who received.
2. Once the way back has begun the parcel is RETURNING, and RETURNED when it has arrived.
3. A cancellation holds until the parcel is seen moving afterwards.
4. Otherwise the latest event by the carrier's own time counts; at the same instant the one further
   on.

Unknown codes are kept but change nothing.
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from carriers.states import EXCEPTION_STATUSES, TrackingStatus
from carriers.values.tracking import Observed, TrackingState

Status = TrackingStatus

# Further on wins at the same instant.
RANK = {status: rank for rank, status in enumerate(TrackingStatus)}
WAY_BACK = frozenset({Status.RETURNING, Status.RETURNED})
# A number is used again after a year or so: what happened well before our label is another
# parcel's.
EARLIEST_BEFORE_LABEL = timedelta(days=2)


def dedupe_key(code: str, occurred_at: datetime, place: str) -> str:
    """The identity of an event within its parcel: code, instant and place."""
    instant = occurred_at.astimezone(UTC).isoformat(timespec="seconds")
    return hashlib.sha256(f"{code}\n{instant}\n{place}".encode()).hexdigest()[:32]


def belongs(occurred_at: datetime, label_bought_at: datetime) -> bool:
    """Whether an event of this number can be about the parcel that our label is on."""
    return occurred_at >= label_bought_at - EARLIEST_BEFORE_LABEL


def combine(events: Iterable[Observed]) -> TrackingState:
    """The state that a set of events adds up to."""
    known = sorted(
        {event.key: event for event in events if event.status != Status.UNKNOWN}.values(),
        key=_place_in_time,
    )
    if not known:
        return TrackingState(Status.PENDING)
    last_at = known[-1].occurred_at
    delivered = _delivered_to_customer(known)
    if delivered:
        return TrackingState(
            Status.DELIVERED,
            last_event_at=last_at,
            delivered_at=delivered.occurred_at,
        )
    decisive = _on_way_back(known) or _latest(known)
    return TrackingState(decisive.status, reason=decisive.reason, last_event_at=last_at)


def is_exception(status: str) -> bool:
    """Whether an event of this status is trouble that somebody may have to act on."""
    return status in EXCEPTION_STATUSES


def _place_in_time(event: Observed) -> tuple[datetime, int, str]:
    return event.occurred_at, RANK[TrackingStatus(event.status)], event.key


def _way_back_began(known: Sequence[Observed]) -> datetime | None:
    return next((event.occurred_at for event in known if event.status in WAY_BACK), None)


def _delivered_to_customer(known: Sequence[Observed]) -> Observed | None:
    began = _way_back_began(known)
    for event in known:
        if event.status == Status.DELIVERED:
            return event if began is None or event.occurred_at <= began else None
    return None


def _on_way_back(known: Sequence[Observed]) -> Observed | None:
    began = _way_back_began(known)
    if began is None:
        return None
    arrived = [e for e in known if e.status in {Status.RETURNED, Status.DELIVERED}]
    reason = next((e.reason for e in known if e.status in WAY_BACK and e.reason), "")
    status = Status.RETURNED if arrived else Status.RETURNING
    return Observed(began, status, "", reason)


def _latest(known: Sequence[Observed]) -> Observed:
    last = known[-1]
    cancelled = [e for e in known if e.status == Status.CANCELLED]
    if cancelled and last.status == Status.PENDING:
        return cancelled[-1]
    return last
