"""Confirming an order and handing it to its sites."""

from datetime import datetime

from django.db import transaction

from inventory import queries as inventory_queries
from oms.core import outbox
from oms.core.actors import Actor
from orders import locks, queries
from orders.actions.holding import require_no_hold_blocking
from orders.actions.sourcing import DEMAND_TYPE, source_order
from orders.errors import NothingAllocated, OrderAwaitsStock
from orders.events import OrderConfirmed, OrderReleased
from orders.models import Order
from orders.rules.release import must_wait_for_stock
from orders.states import Block, OrderStatus


@transaction.atomic
def confirm_order(*, order_id: int, actor: Actor, at: datetime) -> Order:
    """Accept a placed order, and source it.

    Raises:
        TransitionNotAllowed: the order is not PLACED.
        OrderOnHold: an open hold blocks confirmation.
    """
    order = locks.lock_order(order_id)
    require_no_hold_blocking(order, Block.CONFIRM)
    order.transition_to(OrderStatus.CONFIRMED, at=at)
    outbox.append(
        OrderConfirmed(order_id=order.pk, channel_id=order.channel_id), actor=actor, at=at
    )
    return source_order(order_id=order_id, actor=actor, at=at)


@transaction.atomic
def release_order(*, order_id: int, actor: Actor, at: datetime) -> Order:
    """Hand the reserved units of an order to their sites.

    A released order may be released again when backordered units have been reserved since.

    Raises:
        TransitionNotAllowed: the order is neither CONFIRMED nor RELEASED.
        OrderOnHold: an open hold blocks release.
        OrderAwaitsStock: the channel's orders leave as a whole and units are missing.
        NothingAllocated: no unit is reserved.
    """
    order = locks.lock_order(order_id)
    require_no_hold_blocking(order, Block.RELEASE)
    _require_stock(order)
    if order.status != OrderStatus.RELEASED:
        order.transition_to(OrderStatus.RELEASED, at=at)
    order.release_due_at = None
    order.save(update_fields=["release_due_at"])
    outbox.append(OrderReleased(order_id=order.pk, channel_id=order.channel_id), actor=actor, at=at)
    return order


@transaction.atomic
def advance_due_order(*, order_id: int, actor: Actor, at: datetime) -> Order:
    """Take an order whose moment has come as far as it may go: confirm it, or release it.

    Raises:
        Whatever keeps it back; the caller takes it off the queue then.
    """
    order = locks.lock_order(order_id)
    if order.release_due_at is None or order.release_due_at > at:
        return order
    if order.status == OrderStatus.PLACED:
        return confirm_order(order_id=order_id, actor=actor, at=at)
    if order.status == OrderStatus.CONFIRMED and not _was_sourced(order):
        return source_order(order_id=order_id, actor=actor, at=at)
    return release_order(order_id=order_id, actor=actor, at=at)


@transaction.atomic
def take_off_release_queue(*, order_id: int, at: datetime) -> None:
    """The order cannot go on by itself; a released hold or new stock will queue it again."""
    order = locks.lock_order(order_id)
    if order.release_due_at is not None and order.release_due_at <= at:
        order.release_due_at = None
        order.save(update_fields=["release_due_at"])


def _require_stock(order: Order) -> None:
    lines = locks.lock_lines(order.pk)
    policy = queries.get_current_config().channels[order.channel_id].backorder_policy
    missing = sum(line.quantity_backordered + line.quantity_unsourced for line in lines)
    if must_wait_for_stock(policy, missing):
        raise OrderAwaitsStock(f"{order.number} waits for {missing} units.", missing=missing)
    ids = [line.pk for line in lines]
    services = any(line.quantity_allocated and not line.product.is_stocked for line in lines)
    if not services and not inventory_queries.list_open_reservations(DEMAND_TYPE, ids):
        raise NothingAllocated(f"{order.number} has no reserved units.")


def _was_sourced(order: Order) -> bool:
    return not any(line.quantity_unsourced for line in order.lines.all())
