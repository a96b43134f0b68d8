"""Cancelling an order, at every stage where nothing has left yet."""

from datetime import datetime

from django.db import transaction

from inventory import actions as inventory_actions
from inventory import queries as inventory_queries
from inventory.values import Spend
from oms.core import outbox
from oms.core.actors import Actor
from oms.core.errors import FieldError, Invalid
from orders import locks
from orders.actions.holding import require_open
from orders.actions.sourcing import DEMAND_TYPE
from orders.actions.working import complete_when_done
from orders.errors import OrderAlreadyShipped
from orders.events import CancellationRequested, OrderCancelled
from orders.models import Order, OrderHold, OrderLine
from orders.states import OrderStatus


@transaction.atomic
def cancel_order(*, order_id: int, reason: str, actor: Actor, at: datetime) -> Order:
    """Cancel an order and give its reservations back.

    While a site works on it, the cancellation is only requested: the site stops, puts back what it
    picked, and `finish_cancellation` closes the order. Cancelling a cancelled order changes nothing.

    Raises:
        Invalid: no reason is given.
        OrderAlreadyShipped: units have left their site.
        TransitionNotAllowed: the order is completed.
    """
    if not reason.strip():
        raise Invalid(errors=[FieldError("/reason", "required", "Say why the order is cancelled.")])
    order = locks.lock_order(order_id)
    if order.status == OrderStatus.CANCELLED or order.cancel_requested_at:
        return order
    require_open(order)
    lines = locks.lock_lines(order_id)
    if any(line.quantity_shipped for line in lines if line.product.is_stocked):
        raise OrderAlreadyShipped(f"Units of {order.number} have left; use a return for them.")
    order.cancel_reason = reason[:120]
    if any(line.quantity_in_work for line in lines):
        return _request(order, actor=actor, at=at)
    return _cancel(order, lines, actor=actor, at=at)


@transaction.atomic
def finish_cancellation(*, order_id: int, actor: Actor, at: datetime) -> Order:
    """Close an order whose cancellation was requested, once no site works on it any more.

    Units that left before the site could stop stay shipped; the rest is cancelled.
    """
    order = locks.lock_order(order_id)
    lines = locks.lock_lines(order_id)
    if order.cancel_requested_at is None or order.status != OrderStatus.RELEASED:
        return order
    if any(line.quantity_in_work for line in lines):
        return order
    if any(line.quantity_shipped for line in lines):
        _give_back(order, lines, actor=actor, at=at)
        order.cancel_requested_at = None
        order.save(update_fields=["cancel_requested_at"])
        complete_when_done(order, actor=actor, at=at)
        return order
    return _cancel(order, lines, actor=actor, at=at)


def _request(order: Order, *, actor: Actor, at: datetime) -> Order:
    order.cancel_requested_at = at
    order.save(update_fields=["cancel_requested_at", "cancel_reason"])
    event = CancellationRequested(order_id=order.pk, channel_id=order.channel_id)
    outbox.append(event, actor=actor, at=at)
    return order


def _cancel(order: Order, lines: list[OrderLine], *, actor: Actor, at: datetime) -> Order:
    _give_back(order, lines, actor=actor, at=at)
    OrderHold.objects.filter(order=order, released_at__isnull=True).update(
        released_at=at,
        release_reason="order cancelled",
        released_by_kind=actor.kind.value,
        released_by_id=actor.id,
    )
    order.source_due_at = order.release_due_at = None
    order.save(update_fields=["source_due_at", "release_due_at", "cancel_reason"])
    order.transition_to(OrderStatus.CANCELLED, at=at)
    outbox.append(
        OrderCancelled(order_id=order.pk, channel_id=order.channel_id, reason=order.cancel_reason),
        actor=actor,
        at=at,
    )
    return order


def _give_back(order: Order, lines: list[OrderLine], *, actor: Actor, at: datetime) -> None:
    """Cancel every unit that has not left; its reservations are released."""
    changes = {
        line.pk: {
            "quantity_allocated": -line.quantity_allocated,
            "quantity_backordered": -line.quantity_backordered,
            "quantity_cancelled": line.quantity_open,
        }
        for line in lines
        if line.quantity_open
    }
    if changes:
        locks.add_to_lines(order.pk, changes)
    held = inventory_queries.list_open_reservations(DEMAND_TYPE, [line.pk for line in lines])
    if held:
        inventory_actions.release_reservations(
            spends=[Spend(row.pk, row.quantity_open) for row in held],
            reason="order cancelled",
            actor=actor,
            at=at,
        )
