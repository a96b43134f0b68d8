"""Delivery of events to handlers: at least once, in order per aggregate, each effect exactly once.

The relay takes rows that are not delivered (never an id cursor: a late commit would be skipped) and
only the first of each aggregate, so a stuck aggregate blocks nobody else.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

import structlog
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q

from oms.core.errors import DomainError
from oms.core.events import REGISTRY, Event, from_payload
from oms.core.models import EventRecord

BATCH = 500
MAX_BACKOFF = timedelta(minutes=10)

Handler = Callable[..., None]
Fanout = Callable[[Sequence[EventRecord]], None]
E = TypeVar("E", bound=Event)

log = structlog.get_logger(__name__)
_handlers: dict[str, list[Handler]] = defaultdict(list)
_fanouts: list[Fanout] = []


def handles(event_class: type[E]) -> Callable[[Handler], Handler]:
    """Subscribe `handler(event, *, at)` to an event class."""

    def register(handler: Handler) -> Handler:
        _handlers[event_class.name].append(handler)
        return handler

    return register


def register_fanout(fanout: Fanout) -> None:
    """Call `fanout(records)` once for every delivered event, in the transaction that marks it."""
    if fanout not in _fanouts:
        _fanouts.append(fanout)


def subscriptions() -> dict[str, list[str]]:
    """Every event type and the names of its handlers."""
    return {name: [_name(h) for h in _handlers.get(name, ())] for name in sorted(REGISTRY)}


def deliver_due(*, at: datetime, limit: int = 10_000) -> int:
    """Deliver until nothing is due; returns how many events were delivered."""
    delivered = 0
    while delivered < limit:
        heads = list(_due_heads(at)[:BATCH])
        if not heads:
            break
        plain = [record.pk for record in heads if not _handlers.get(record.type)]
        progress = _finish(plain, at) if plain else 0
        for record in heads:
            if _handlers.get(record.type):
                progress += _deliver_one(record, at)
        delivered += progress
        if not progress:
            break
    return delivered


def _due_heads(at: datetime) -> Any:
    earlier = EventRecord.objects.filter(
        aggregate_type=OuterRef("aggregate_type"),
        aggregate_id=OuterRef("aggregate_id"),
        seq__lt=OuterRef("seq"),
        delivered_at__isnull=True,
    )
    return (
        EventRecord.objects.filter(
            Q(next_attempt_at__isnull=True) | Q(next_attempt_at__lte=at), ~Exists(earlier)
        )
        .filter(delivered_at__isnull=True)
        .order_by("pk")
    )


def _deliver_one(record: EventRecord, at: datetime) -> int:
    """Run the handlers that have not run yet, each in a transaction of its own with its mark."""
    try:
        for handler in _handlers[record.type]:
            _handle_once(record, handler, at)
    except Exception as exc:  # noqa: BLE001 - whatever a handler raises, the other aggregates go on
        _postpone(record, exc, at)
        return 0
    return _finish([record.pk], at)


def _handle_once(record: EventRecord, handler: Handler, at: datetime) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        # The unique mark also makes a second relay wait here until the first has committed.
        cursor.execute(
            "INSERT INTO core_handled_event (event_id, handler) VALUES (%s, %s)"
            " ON CONFLICT DO NOTHING",
            [record.pk, _name(handler)],
        )
        if cursor.rowcount:
            handler(from_payload(record.type, record.payload), at=at)


def _finish(ids: Sequence[int], at: datetime) -> int:
    """Mark events delivered and hand them to the fan-outs, in one transaction."""
    with transaction.atomic():
        rows = list(
            EventRecord.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(pk__in=list(ids), delivered_at__isnull=True)
            .order_by("pk")
        )
        if rows:
            for fanout in _fanouts:
                fanout(rows)
            EventRecord.objects.filter(pk__in=[row.pk for row in rows]).update(delivered_at=at)
    return len(rows)


def _postpone(record: EventRecord, exc: Exception, at: datetime) -> None:
    delay = min(MAX_BACKOFF, timedelta(seconds=2 ** min(record.attempts, 10)))
    code = exc.code if isinstance(exc, DomainError) else type(exc).__name__
    EventRecord.objects.filter(pk=record.pk, delivered_at__isnull=True).update(
        attempts=record.attempts + 1, next_attempt_at=at + delay, last_error=code[:200]
    )
    log.error(
        "event_handler_failed",
        event_id=record.pk,
        type=record.type,
        attempts=record.attempts + 1,
        error=code,
        exc_info=not isinstance(exc, DomainError),
    )


def _name(handler: Handler) -> str:
    return f"{handler.__module__.split('.handlers')[0]}.{handler.__name__}"
