"""Row locks of stock, always in ascending id order, and the statements that change balances.

Balances change only here, each by a conditional statement in the same round as its ledger rows.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import OperationalError, connection

from inventory.models import Reservation, StockLevel
from inventory.values import Reserved, Want
from oms.core.actors import Actor
from oms.core.errors import is_busy
from oms.core.prepared import Prepared

# The levels are locked in id order before any is changed, so two orders over the same products in
# opposite order cannot deadlock. A level that lacks free units changes nothing and returns nothing.
_RESERVE = Prepared(
    "inventory_reserve",
    ("bigint[]", "int[]", "bigint[]", "text", "timestamptz", "text", "bigint"),
    """
WITH want AS (
    SELECT * FROM unnest($1::bigint[], $2::int[], $3::bigint[])
        AS w(level_id, quantity, demand_id)
), locked AS MATERIALIZED (
    SELECT id FROM inventory_stocklevel WHERE id IN (SELECT level_id FROM want)
     ORDER BY id FOR NO KEY UPDATE
), changed AS (
    UPDATE inventory_stocklevel s
       SET reserved = s.reserved + t.quantity, ledger_seq = s.ledger_seq + t.rows
      FROM (SELECT w.level_id, sum(w.quantity)::int AS quantity, count(*)::int AS rows
              FROM want w JOIN locked ON locked.id = w.level_id GROUP BY w.level_id) t
     WHERE s.id = t.level_id AND s.on_hand - s.reserved >= t.quantity
    RETURNING s.id, s.on_hand, s.reserved - t.quantity AS reserved_before,
              s.ledger_seq - t.rows AS seq_before
), made AS (
    INSERT INTO inventory_reservation (stock_level_id, demand_type, demand_id, quantity, created_at)
    SELECT w.level_id, $4, w.demand_id, w.quantity, $5
      FROM want w JOIN changed c ON c.id = w.level_id
    RETURNING id, stock_level_id, demand_id, quantity
), booked AS (
    INSERT INTO inventory_stockmovement (stock_level_id, seq, kind, on_hand_delta, reserved_delta,
           on_hand_after, reserved_after, reference_type, reference_id, effect_key,
           actor_kind, actor_id, at)
    SELECT c.id, c.seq_before + row_number() OVER w, 'RESERVATION', 0, m.quantity,
           c.on_hand, c.reserved_before + sum(m.quantity) OVER w, 'reservation', m.id,
           'reserve:' || m.id, $6, $7, $5
      FROM made m JOIN changed c ON c.id = m.stock_level_id
    WINDOW w AS (PARTITION BY c.id ORDER BY m.id)
)
SELECT id, stock_level_id, demand_id, quantity FROM made
""",
)

_SPEND = """
WITH want AS (
    SELECT * FROM unnest(%(reservations)s::bigint[], %(quantities)s::int[], %(keys)s::text[])
        AS w(reservation_id, quantity, effect_key)
), spent AS (
    UPDATE inventory_reservation r
       SET quantity_consumed = r.quantity_consumed + CASE WHEN %(consume)s THEN w.quantity ELSE 0 END,
           quantity_released = r.quantity_released + CASE WHEN %(consume)s THEN 0 ELSE w.quantity END
      FROM want w
     WHERE r.id = w.reservation_id
       AND r.quantity - r.quantity_consumed - r.quantity_released >= w.quantity
    RETURNING r.id, r.stock_level_id, w.quantity, w.effect_key
), changed AS (
    UPDATE inventory_stocklevel s
       SET on_hand = s.on_hand - CASE WHEN %(consume)s THEN t.quantity ELSE 0 END,
           reserved = s.reserved - t.quantity, ledger_seq = s.ledger_seq + t.rows
      FROM (SELECT stock_level_id, sum(quantity)::int AS quantity, count(*)::int AS rows
              FROM spent GROUP BY stock_level_id) t
     WHERE s.id = t.stock_level_id
    RETURNING s.id, s.on_hand + CASE WHEN %(consume)s THEN t.quantity ELSE 0 END AS on_hand_before,
              s.reserved + t.quantity AS reserved_before, s.ledger_seq - t.rows AS seq_before
), booked AS (
    INSERT INTO inventory_stockmovement (stock_level_id, seq, kind, on_hand_delta, reserved_delta,
           on_hand_after, reserved_after, reference_type, reference_id, effect_key, reason,
           actor_kind, actor_id, at)
    SELECT c.id, c.seq_before + row_number() OVER w, %(kind)s,
           CASE WHEN %(consume)s THEN -p.quantity ELSE 0 END, -p.quantity,
           c.on_hand_before - CASE WHEN %(consume)s THEN sum(p.quantity) OVER w ELSE 0 END,
           c.reserved_before - sum(p.quantity) OVER w, 'reservation', p.id, p.effect_key, %(reason)s,
           %(actor_kind)s, %(actor_id)s, %(at)s
      FROM spent p JOIN changed c ON c.id = p.stock_level_id
    WINDOW w AS (PARTITION BY c.id ORDER BY p.id)
)
SELECT count(*) FROM spent
"""

_CHANGE_ON_HAND = """
WITH want AS (
    SELECT * FROM unnest(%(levels)s::bigint[], %(quantities)s::int[], %(keys)s::text[])
        AS w(level_id, quantity, effect_key)
), changed AS (
    UPDATE inventory_stocklevel s
       SET on_hand = s.on_hand + w.quantity, ledger_seq = s.ledger_seq + 1
      FROM want w
     WHERE s.id = w.level_id AND s.on_hand + w.quantity >= s.reserved
    RETURNING s.id, s.on_hand, s.reserved, s.ledger_seq, w.quantity, w.effect_key
), booked AS (
    INSERT INTO inventory_stockmovement (stock_level_id, seq, kind, on_hand_delta, reserved_delta,
           on_hand_after, reserved_after, reference_type, reference_id, effect_key, reason,
           actor_kind, actor_id, at)
    SELECT id, ledger_seq, %(kind)s, quantity, 0, on_hand, reserved, %(reference_type)s,
           %(reference_id)s, effect_key, %(reason)s, %(actor_kind)s, %(actor_id)s, %(at)s
      FROM changed
)
SELECT id FROM changed
"""


def lock_stock_levels(ids: Sequence[int]) -> list[StockLevel]:
    """Lock levels in id order and read them afterwards."""
    return list(
        StockLevel.objects.select_for_update(of=("self",), no_key=True)
        .filter(pk__in=list(ids))
        .order_by("pk")
    )


def lock_reservations(ids: Sequence[int]) -> list[Reservation]:
    return list(
        Reservation.objects.select_for_update(of=("self",), no_key=True)
        .filter(pk__in=list(ids))
        .order_by("pk")
    )


def reserve_all(
    wants: Sequence[Want], *, demand_type: str, actor: Actor, at: datetime
) -> list[Reserved] | None:
    """Reserve every want or none.

    None means that some level lacks free units or stayed locked; nothing was changed and no lock is kept.
    """
    assert connection.in_atomic_block, "a reservation belongs to the transaction of its demand"
    made: list[Reserved] = []
    with connection.cursor() as cursor:
        try:
            _RESERVE.execute(
                cursor,
                _reserve_params(wants, demand_type, actor, at),
                before="SAVEPOINT reserve_all; ",
            )
            made = [Reserved(*row) for row in cursor.fetchall()]
        except OperationalError as exc:
            if not is_busy(exc):
                raise
        if len(made) == len(wants):
            return made
        cursor.execute("ROLLBACK TO SAVEPOINT reserve_all")
        return None


def _reserve_params(
    wants: Sequence[Want], demand_type: str, actor: Actor, at: datetime
) -> list[object]:
    return [
        [want.stock_level_id for want in wants],
        [want.quantity for want in wants],
        [want.demand_id for want in wants],
        demand_type,
        at,
        actor.kind.value,
        actor.id,
    ]


def spend_reservations(
    spends: Sequence[tuple[int, int, str]],
    *,
    consume: bool,
    kind: str,
    reason: str,
    actor: Actor,
    at: datetime,
) -> int:
    """Take (reservation id, quantity, effect key) from reservations whose rows the caller has locked.

    Returns how many rows had the quantity; the caller refuses when it is not all of them.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _SPEND,
            {
                "reservations": [spend[0] for spend in spends],
                "quantities": [spend[1] for spend in spends],
                "keys": [spend[2] for spend in spends],
                "consume": consume,
                "kind": kind,
                "reason": reason,
                "actor_kind": actor.kind.value,
                "actor_id": actor.id,
                "at": at,
            },
        )
        return int(cursor.fetchone()[0])


def change_on_hand(
    changes: Sequence[tuple[int, int, str]],
    *,
    kind: str,
    reference: tuple[str, int],
    reason: str,
    actor: Actor,
    at: datetime,
) -> set[int]:
    """Add (level id, quantity, effect key) to locked levels, one change per level.

    Returns the ids of the changed levels; a level that would fall below its reservations is not.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _CHANGE_ON_HAND,
            {
                "levels": [change[0] for change in changes],
                "quantities": [change[1] for change in changes],
                "keys": [change[2] for change in changes],
                "kind": kind,
                "reference_type": reference[0],
                "reference_id": reference[1],
                "reason": reason,
                "actor_kind": actor.kind.value,
                "actor_id": actor.id,
                "at": at,
            },
        )
        return {row[0] for row in cursor.fetchall()}
