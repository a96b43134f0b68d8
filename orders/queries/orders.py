"""Orders as documents and lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch

from inventory.models import Reservation
from oms.core.actors import Actor
from oms.core.money import format_amount
from orders.errors import UnknownOrder
from orders.models import Order, OrderHold, OrderLine, OrderQuerySet
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


@dataclass(frozen=True)
class OrderDocument:
    """An order with its lines, holds and open reservations, fully loaded in five queries."""

    order: Order
    lines: Sequence[OrderLine]
    holds: Sequence[OrderHold]
    reserved: dict[int, list[tuple[str, int]]]  # line id -> (site code, open units)


def get_order_document(number: str, *, actor: Actor) -> OrderDocument:
    """Everything about one order that a storefront or the desk reads.

    Raises:
        UnknownOrder: there is none in the caller's channels.
    """
    lines = OrderLine.objects.select_related("product").order_by("position")
    holds = OrderHold.objects.select_related("hold_type", "line").order_by("pk")
    order = (
        visible_orders(actor)
        .select_related("channel", "customer")
        .prefetch_related(Prefetch("lines", lines), Prefetch("holds", holds), "addresses")
        .filter(number=number)
        .first()
    )
    if order is None:
        raise UnknownOrder(f"There is no order {number}.")
    loaded = list(order.lines.all())
    return OrderDocument(order, loaded, list(order.holds.all()), _reserved(loaded))


def _reserved(lines: Sequence[OrderLine]) -> dict[int, list[tuple[str, int]]]:
    rows = Reservation.objects.select_related("stock_level__site").filter(
        demand_type="order_line", demand_id__in=[line.pk for line in lines]
    )
    found: dict[int, list[tuple[str, int]]] = {}
    for row in rows.order_by("pk"):
        if row.quantity_open:
            site = row.stock_level.site.code
            found.setdefault(row.demand_id, []).append((site, row.quantity_open))
    return found


def order_amounts(order: Order) -> dict[str, Any]:
    """The order's amounts as API money."""
    names = ("items", "shipping", "tax", "discount", "total")
    return {
        name: {
            "amount": format_amount(getattr(order, f"{name}_amount"), order.currency),
            "currency": order.currency,
        }
        for name in names
    }
