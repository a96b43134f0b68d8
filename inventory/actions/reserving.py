"""Keeping units for a demand, giving them back, and shipping them."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from inventory import locks
from inventory.errors import ReservationSpent
from inventory.events import StockIncreased
from inventory.models import Reservation, StockLevel
from inventory.states import MovementKind
from inventory.values import Reserved, Spend, Want
from oms.core import outbox
from oms.core.actors import Actor


def reserve_all(
    *, wants: Sequence[Want], demand_type: str, actor: Actor, at: datetime
) -> list[Reserved] | None:
    """Reserve every want, or nothing: None means that a level lacks free units.

    One round trip; the levels are locked in id order and changed by a conditional statement, so no
    number of callers can reserve more than is there. Must run inside the transaction of the demand.
    """
    return locks.reserve_all(wants, demand_type=demand_type, actor=actor, at=at)


@transaction.atomic
def lock_levels_for(*, product_ids: Iterable[int], site_ids: Iterable[int]) -> list[StockLevel]:
    """Lock the levels of these products at these sites and read them afterwards."""
    ids = StockLevel.objects.filter(
        product_id__in=list(product_ids), site_id__in=list(site_ids)
    ).values_list("pk", flat=True)
    return locks.lock_stock_levels(list(ids))


@transaction.atomic
def release_reservations(
    *, spends: Sequence[Spend], reason: str, actor: Actor, at: datetime
) -> None:
    """Give reserved units back; whoever waits for them is told.

    Raises:
        ReservationSpent: a reservation does not hold that many units any more.
    """
    reservations = _spend(spends, MovementKind.RELEASE, reason=reason, actor=actor, at=at)
    levels = {row.stock_level_id: row.stock_level for row in reservations}
    freed = {level_id: 0 for level_id in levels}
    for spend in spends:
        row = next(row for row in reservations if row.pk == spend.reservation_id)
        freed[row.stock_level_id] += spend.quantity
    outbox.append_all(
        [
            StockIncreased(
                stock_level_id=level.pk,
                product_id=level.product_id,
                site_id=level.site_id,
                quantity=freed[level.pk],
            )
            for level in levels.values()
        ],
        actor=actor,
        at=at,
    )


@transaction.atomic
def consume_reservations(
    *, spends: Sequence[Spend], reason: str, actor: Actor, at: datetime
) -> None:
    """Ship reserved units: they leave both the reservation and the site's stock.

    Raises:
        ReservationSpent: a reservation does not hold that many units any more.
    """
    _spend(spends, MovementKind.SHIPMENT, reason=reason, actor=actor, at=at)


def _spend(
    spends: Sequence[Spend], kind: MovementKind, *, reason: str, actor: Actor, at: datetime
) -> list[Reservation]:
    ids = [spend.reservation_id for spend in spends]
    assert len(set(ids)) == len(ids), "merge the quantities of one reservation first"
    reservations = locks.lock_reservations(ids)
    levels = locks.lock_stock_levels([row.stock_level_id for row in reservations])
    by_id = {level.pk: level for level in levels}
    for row in reservations:
        row.stock_level = by_id[row.stock_level_id]
    done = {row.pk: row.quantity_consumed + row.quantity_released for row in reservations}
    # The units already spent make the key unique per unit: booking the same units twice collides.
    keyed = [
        (s.reservation_id, s.quantity, f"{kind.lower()}:{s.reservation_id}:{done.get(s.reservation_id)}")
        for s in spends
    ]
    spent = locks.spend_reservations(
        keyed, consume=kind is MovementKind.SHIPMENT, kind=kind, reason=reason, actor=actor, at=at
    )
    if spent != len(spends):
        raise ReservationSpent(
            "Some of these units are not reserved any more; read the reservations again."
        )
    return reservations
