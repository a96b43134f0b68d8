"""Placing and releasing holds."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, connection, transaction

from oms.core import doorbell, outbox
from oms.core.actors import Actor
from oms.core.errors import NotFound
from orders import locks
from orders.errors import AlreadyHeld, OrderOnHold, UnknownHoldType
from orders.events import OrderHeld, OrderHoldReleased
from orders.models import HoldType, Order, OrderHold, OrderLine
from orders.states import OPEN, Block, OrderStatus


@transaction.atomic
def place_hold(
    *,
    order_id: int,
    hold_type: str,
    reason: str,
    line_position: int | None = None,
    actor: Actor,
    at: datetime,
) -> OrderHold:
    """Stop an open order, or one of its lines, from taking the steps that the hold type blocks.

    Raises:
        UnknownOrder, UnknownHoldType, NotFound: no such order, active hold type, or line.
        TransitionNotAllowed: the order is closed.
        AlreadyHeld: the same hold is open on the order or line.
    """
    order = locks.lock_order(order_id)
    require_open(order)
    kind = HoldType.objects.filter(code=hold_type, is_active=True).first()
    if kind is None:
        raise UnknownHoldType(f"There is no active hold type {hold_type}.")
    line = _line(order, line_position)
    try:
        with transaction.atomic():
            hold = OrderHold.objects.create(
                order=order,
                line=line,
                hold_type=kind,
                reason=reason,
                placed_at=at,
                placed_by_kind=actor.kind.value,
                placed_by_id=actor.id,
            )
    except IntegrityError as exc:
        raise AlreadyHeld(f"{order.number} has an open hold {hold_type} already.") from exc
    event = OrderHeld(
        order_id=order.pk,
        channel_id=order.channel_id,
        hold_type=hold_type,
        line_id=line.pk if line else None,
    )
    outbox.append(event, actor=actor, at=at)
    return hold


@transaction.atomic
def release_hold(*, hold_id: int, reason: str, actor: Actor, at: datetime) -> Order:
    """Take a hold away; the order goes on by itself as far as its other holds allow.

    Raises:
        NotFound: there is no such open hold.
    """
    known = OrderHold.objects.filter(pk=hold_id, released_at__isnull=True).first()
    if known is None:
        raise NotFound(f"There is no open hold {hold_id}.")
    order = locks.lock_order(known.order_id)
    hold = OrderHold.objects.select_related("hold_type").filter(pk=hold_id).get()
    if hold.released_at is not None:
        raise NotFound(f"Hold {hold_id} has been released already.")
    hold.released_at, hold.release_reason = at, reason
    hold.released_by_kind, hold.released_by_id = actor.kind.value, actor.id
    hold.save(
        update_fields=["released_at", "release_reason", "released_by_kind", "released_by_id"]
    )
    event = OrderHoldReleased(
        order_id=order.pk, channel_id=order.channel_id, hold_type=hold.hold_type.code
    )
    outbox.append(event, actor=actor, at=at)
    _go_on(order, at)
    return order


def insert_holds(
    *, order_id: int, holds: Sequence[tuple[int, str]], actor: Actor, at: datetime
) -> None:
    """Write the holds (type id, reason) of an order that is being captured."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO orders_orderhold (order_id, hold_type_id, reason, placed_at,"
            " placed_by_kind, placed_by_id)"
            " SELECT %s, h.id, h.reason, %s, %s, %s"
            " FROM unnest(%s::bigint[], %s::text[]) AS h(id, reason)",
            [
                order_id,
                at,
                actor.kind.value,
                actor.id,
                [hold[0] for hold in holds],
                [hold[1][:300] for hold in holds],
            ],
        )


def require_no_hold_blocking(order: Order, step: Block) -> None:
    """Raises `OrderOnHold` when an open hold of the order or of a line blocks the step."""
    codes = (
        OrderHold.objects.filter(
            order=order, released_at__isnull=True, hold_type__blocks__contains=[step]
        )
        .order_by("pk")
        .values_list("hold_type__code", flat=True)
    )
    if found := list(codes):
        raise OrderOnHold(
            f"{order.number} is on hold: {', '.join(found)}. Release the hold first.", holds=found
        )


def require_open(order: Order) -> None:
    if order.status not in OPEN:
        order.transition_to(OrderStatus.PLACED, at=order.placed_at)  # refuses, and says why


def _line(order: Order, position: int | None) -> OrderLine | None:
    if position is None:
        return None
    line = OrderLine.objects.filter(order=order, position=position).first()
    if line is None:
        raise NotFound(f"{order.number} has no line {position}.")
    return line


def _go_on(order: Order, at: datetime) -> None:
    """Let the sweeps look at the order again: a PLACED one may be confirmed, a CONFIRMED one leave."""
    order.release_due_at = at
    order.save(update_fields=["release_due_at"])
    doorbell.ring("orders.release_due")
