"""Appending events. The caller holds the aggregate's row lock, which makes `seq` gapless."""

import json
from collections.abc import Sequence
from datetime import datetime

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection

from oms.core import doorbell
from oms.core.actors import Actor
from oms.core.context import current_request_id
from oms.core.events import Event
from oms.core.prepared import Prepared

RELAY_TASK = "core.relay"

_APPEND = Prepared(
    "core_append_events",
    ("text", "bigint", "text", "timestamptz", "text[]", "bigint[]", "text[]", "jsonb[]", "bigint[]"),
    """
INSERT INTO core_event (aggregate_type, aggregate_id, seq, type, payload, channel_id,
                        actor_kind, actor_id, request_id, at)
SELECT n.aggregate_type, n.aggregate_id,
       coalesce(last.seq, 0)
         + row_number() OVER (PARTITION BY n.aggregate_type, n.aggregate_id ORDER BY n.ord),
       n.type, n.payload, n.channel_id, $1, $2, $3, $4
  FROM unnest($5, $6, $7, $8, $9) WITH ORDINALITY
       AS n(aggregate_type, aggregate_id, type, payload, channel_id, ord)
  LEFT JOIN LATERAL (
       SELECT e.seq FROM core_event e
        WHERE e.aggregate_type = n.aggregate_type AND e.aggregate_id = n.aggregate_id
        ORDER BY e.seq DESC LIMIT 1) last ON true
 ORDER BY n.ord
""",
)


def append(event: Event, *, actor: Actor, at: datetime) -> None:
    """Write one event in the current transaction."""
    append_all([event], actor=actor, at=at)


def append_all(events: Sequence[Event], *, actor: Actor, at: datetime) -> None:
    """Write events in the current transaction, in one statement, and ring the relay after commit."""
    if not events:
        return
    assert connection.in_atomic_block, "an event belongs to the transaction of its fact"
    with connection.cursor() as cursor:
        _APPEND.execute(
            cursor,
            [
                actor.kind.value,
                actor.id,
                current_request_id(),
                at,
                [event.aggregate for event in events],
                [event.aggregate_id for event in events],
                [event.name for event in events],
                [json.dumps(event.payload(), cls=DjangoJSONEncoder) for event in events],
                [event.scope_channel_id for event in events],
            ],
        )
    doorbell.ring(RELAY_TASK)
