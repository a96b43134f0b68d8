"""Orders as documents and lists."""

from datetime import datetime

from oms.core.actors import Actor
from oms.core.errors import NotFound
from orders.errors import ChannelNotChosen, UnknownChannel, UnknownOrder
from orders.models import Channel, Order, OrderHold, OrderQuerySet
from orders.states import ALLOCATABLE, OPEN


def visible_orders(actor: Actor) -> OrderQuerySet:
    return Order.objects.all().visible_to(actor.channel_ids)


def get_order_by_number(number: str, *, actor: Actor) -> Order:
    """The order with this number, if the caller may see it.

    Raises:
        UnknownOrder: there is none in the caller's channels.
    """
    order = visible_orders(actor).filter(number=number).first()
    if order is None:
        raise UnknownOrder(f"There is no order {number}.")
    return order


def list_orders(actor: Actor) -> OrderQuerySet:
    """Orders in scope with what a list shows, in one query a page."""
    return visible_orders(actor).select_related("channel")


def list_due_for_sourcing(*, at: datetime, limit: int) -> list[int]:
    due = Order.objects.filter(source_due_at__lte=at, status__in=ALLOCATABLE)
    return list(due.order_by("priority", "placed_at", "pk").values_list("pk", flat=True)[:limit])


def list_due_for_release(*, at: datetime, limit: int) -> list[int]:
    due = Order.objects.filter(release_due_at__lte=at, status__in=OPEN)
    return list(due.order_by("priority", "placed_at", "pk").values_list("pk", flat=True)[:limit])


def channel_of(actor: Actor, code: str | None = None) -> int:
    """The channel that a caller acts for: its only one, or the one it names among its own.

    Raises:
        UnknownChannel: the code is not one of the caller's channels.
        ChannelNotChosen: the caller has several channels and names none.
    """
    channels = Channel.objects.filter(is_active=True)
    if actor.channel_ids is not None:
        if code is None and len(actor.channel_ids) == 1:
            return next(iter(actor.channel_ids))
        channels = channels.filter(pk__in=actor.channel_ids)
    if code is None:
        raise ChannelNotChosen
    found = channels.filter(code=code).values_list("pk", flat=True).first()
    if found is None:
        raise UnknownChannel(f"There is no channel {code}.")
    return found


def require_hold_of(order_id: int, hold_id: int) -> None:
    """Raises `NotFound` when the hold is not one of this order."""
    if not OrderHold.objects.filter(pk=hold_id, order_id=order_id).exists():
        raise NotFound(f"This order has no hold {hold_id}.")
