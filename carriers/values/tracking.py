"""Tracking events as the rules see them, and the state they add up to."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta


@dataclass(frozen=True, order=True)
class Observed:
    """One known event. Two with the same key are the same event."""

    occurred_at: datetime
    status: str
    key: str
    reason: str = ""


@dataclass(frozen=True)
class TrackingState:
    """What a set of events adds up to."""

    status: str
    reason: str = ""
    last_event_at: datetime | None = None
    delivered_at: datetime | None = None
    estimated_delivery_date: date | None = None

    @property
    def is_closed(self) -> bool:
        return self.status in CLOSED


CLOSED = frozenset({"DELIVERED", "RETURNED", "CANCELLED"})


@dataclass(frozen=True)
class PollPolicy:
    """How often to ask. `speed`: how many times faster than the clock the carrier's world runs."""

    version: str = "polling/1"
    speed: int = 1
    failure_base: timedelta = timedelta(seconds=30)
    failure_cap: timedelta = timedelta(hours=2)
    give_up_after: timedelta = timedelta(days=60)
    spread_percent: int = 10
    intervals: tuple[tuple[str, timedelta], ...] = field(
        default=(
            ("PENDING", timedelta(hours=2)),
            ("PICKED_UP", timedelta(hours=3)),
            ("IN_TRANSIT", timedelta(hours=3)),
            ("OUT_FOR_DELIVERY", timedelta(minutes=45)),
            ("READY_FOR_PICKUP", timedelta(hours=8)),
            ("DELAYED", timedelta(hours=4)),
            ("DELIVERY_FAILED", timedelta(hours=3)),
            ("ON_HOLD", timedelta(hours=6)),
            ("RETURNING", timedelta(hours=12)),
        )
    )
