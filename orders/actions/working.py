"""What sites report about an order's units: begun, stopped, missing, shipped, delivered."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from inventory import actions as inventory_actions
from inventory.values import Spend
from oms.core import doorbell, outbox
from oms.core.actors import Actor
from oms.core.errors import TransitionNotAllowed
from orders import locks
from orders.actions.holding import require_no_hold_blocking
from orders.actions.sourcing import SOURCE_TASK
from orders.errors import LineQuantityExceeded
from orders.events import OrderCompleted, OrderDelivered, OrderShipped, OrderShortPicked
from orders.models import Order, OrderLine
from orders.states import Block, OrderStatus


@transaction.atomic
def mark_lines_in_work(
    *, order_id: int, quantities: Mapping[int, int], actor: Actor, at: datetime
) -> Order:
    """A site begins to pick: {line id: units}. These units can no longer simply be cancelled.

    Raises:
        TransitionNotAllowed: the order is not RELEASED any more.
        LineQuantityExceeded: a line has fewer allocated units outside work.
    """
    order = _lock_released(order_id)
    _add(order, {pk: {"quantity_in_work": units} for pk, units in quantities.items()})
    return order


@transaction.atomic
def take_out_of_work(
    *, order_id: int, quantities: Mapping[int, int], actor: Actor, at: datetime
) -> Order:
    """A site stops working on units that it had begun; they stay reserved.

    Raises:
        LineQuantityExceeded: a line has fewer units in work.
    """
    order = locks.lock_order(order_id)
    _add(order, {pk: {"quantity_in_work": -units} for pk, units in quantities.items()})
    return order


@transaction.atomic
def record_short_pick(
    *,
    order_id: int,
    line_id: int,
    reservation_id: int,
    quantity: int,
    effect_key: str,
    actor: Actor,
    at: datetime,
) -> Order:
    """Units in work were not in their bin: they are written down there and sourced again.

    Raises:
        LineQuantityExceeded: the line has fewer units in work.
        ReservationSpent: the reservation does not hold that many units.
    """
    order = locks.lock_order(order_id)
    _add(order, {line_id: {"quantity_in_work": -quantity, "quantity_allocated": -quantity}})
    inventory_actions.write_down_short_pick(
        reservation_id=reservation_id, quantity=quantity, effect_key=effect_key, actor=actor, at=at
    )
    order.source_due_at = at
    order.save(update_fields=["source_due_at"])
    outbox.append(
        OrderShortPicked(
            order_id=order.pk, channel_id=order.channel_id, line_id=line_id, quantity=quantity
        ),
        actor=actor,
        at=at,
    )
    doorbell.ring(SOURCE_TASK)
    return order


@transaction.atomic
def record_shipped(
    *,
    order_id: int,
    lines: Sequence[tuple[int, int, int]],
    shipment_number: str,
    actor: Actor,
    at: datetime,
) -> Order:
    """A shipment left its site with (line id, reservation id, units): stock and reservation go with it.

    Raises:
        OrderOnHold: an open hold blocks shipping.
        LineQuantityExceeded: a line has fewer units in work.
        ReservationSpent: a reservation does not hold that many units.
    """
    order = _lock_released(order_id)
    require_no_hold_blocking(order, Block.SHIP)
    units: dict[int, int] = {}
    spends: dict[int, int] = {}
    for line_id, reservation_id, quantity in lines:
        units[line_id] = units.get(line_id, 0) + quantity
        spends[reservation_id] = spends.get(reservation_id, 0) + quantity
    _add(
        order,
        {
            pk: {"quantity_in_work": -n, "quantity_allocated": -n, "quantity_shipped": n}
            for pk, n in units.items()
        },
    )
    inventory_actions.consume_reservations(
        spends=[Spend(pk, n) for pk, n in sorted(spends.items())],
        reason=shipment_number,
        actor=actor,
        at=at,
    )
    outbox.append(
        OrderShipped(
            order_id=order.pk,
            channel_id=order.channel_id,
            shipment_number=shipment_number,
            quantity=sum(units.values()),
        ),
        actor=actor,
        at=at,
    )
    return order


@transaction.atomic
def record_delivered(
    *,
    order_id: int,
    quantities: Mapping[int, int],
    shipment_number: str,
    actor: Actor,
    at: datetime,
) -> Order:
    """A shipment reached the customer with {line id: units}; the last one completes the order.

    Raises:
        LineQuantityExceeded: a line has fewer shipped units that are not delivered yet.
    """
    order = locks.lock_order(order_id)
    _add(order, {pk: {"quantity_delivered": units} for pk, units in quantities.items()})
    outbox.append(
        OrderDelivered(
            order_id=order.pk,
            channel_id=order.channel_id,
            shipment_number=shipment_number,
            quantity=sum(quantities.values()),
        ),
        actor=actor,
        at=at,
    )
    complete_when_done(order, actor=actor, at=at)
    return order


def complete_when_done(order: Order, *, actor: Actor, at: datetime) -> None:
    """Close a locked released order when every unit is delivered, cancelled, or needs no delivery."""
    if order.status != OrderStatus.RELEASED:
        return
    lines = locks.lock_lines(order.pk)
    if any(_is_open(line) for line in lines):
        return
    services = {
        line.pk: {
            "quantity_allocated": -line.quantity_allocated,
            "quantity_shipped": line.quantity_allocated,
            "quantity_delivered": line.quantity_allocated,
        }
        for line in lines
        if line.quantity_allocated
    }
    if services:
        _add(order, services)
    order.transition_to(OrderStatus.COMPLETED, at=at)
    outbox.append(
        OrderCompleted(order_id=order.pk, channel_id=order.channel_id), actor=actor, at=at
    )


def _is_open(line: OrderLine) -> bool:
    undelivered = line.quantity_shipped - line.quantity_delivered
    if not line.product.is_stocked:
        return line.quantity_unsourced + line.quantity_backordered > 0
    return line.quantity_open + undelivered > 0


def _lock_released(order_id: int) -> Order:
    order = locks.lock_order(order_id)
    if order.status != OrderStatus.RELEASED or order.cancel_requested_at:
        raise TransitionNotAllowed(
            f"{order.number} is not to be worked on: it is {order.status}"
            + (" and being cancelled." if order.cancel_requested_at else "."),
            current=order.status,
        )
    return order


def _add(order: Order, changes: dict[int, dict[str, int]]) -> None:
    """Change line quantities; the table's constraints say whether the units are there."""
    try:
        with transaction.atomic():
            changed = locks.add_to_lines(order.pk, changes)
    except IntegrityError as exc:
        raise LineQuantityExceeded(
            f"A line of {order.number} does not have that many units in this state."
        ) from exc
    if changed != len(changes):
        raise LineQuantityExceeded(f"{order.number} does not have all of these lines.")
