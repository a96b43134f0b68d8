"""Release, work, shipping, delivery, cancelling, holds, backorders."""

import pytest

from inventory.models import Reservation, StockLevel
from inventory.states import MovementKind
from oms.core.actors import SYSTEM
from oms.core.errors import Invalid, TransitionNotAllowed
from orders import actions, tasks
from orders.errors import (
    AlreadyHeld,
    LineQuantityExceeded,
    NothingAllocated,
    OrderAlreadyShipped,
    OrderAwaitsStock,
    OrderOnHold,
    UnknownHoldType,
)
from orders.models import Order, OrderHold
from orders.states import OrderStatus
from tests.factories import world
from tests.factories.world import NOW

pytestmark = pytest.mark.django_db
WHO = {"actor": SYSTEM, "at": NOW}


@pytest.fixture
def channel(carrier):
    world.make_site("LON")
    world.make_products("A", "B")
    world.receive("A", 10)
    world.receive("B", 10)
    return world.make_channel()


def fresh(order: Order) -> Order:
    return Order.objects.get(pk=order.pk)


def released(channel, *lines) -> Order:
    order = world.place(channel, *lines)
    return actions.release_order(order_id=order.pk, **WHO)


def in_work(order: Order) -> list[tuple[int, int, int]]:
    """Mark every allocated unit as in work; returns (line, reservation, units)."""
    units = {line.pk: line.quantity_allocated for line in order.lines.all()}
    actions.mark_lines_in_work(order_id=order.pk, quantities=units, **WHO)
    rows = Reservation.objects.filter(demand_id__in=units).order_by("pk")
    return [(row.demand_id, row.pk, row.quantity_open) for row in rows]


def ship(order: Order) -> None:
    lines = in_work(order)
    actions.record_shipped(order_id=order.pk, lines=lines, shipment_number="SHP-1", **WHO)


def test_release_hands_a_sourced_order_to_its_sites(channel):
    order = released(channel, ("A", 2))
    assert fresh(order).status == OrderStatus.RELEASED
    assert world.event_types(order)[-1] == "order.released"


def test_an_order_on_hold_is_not_released(channel):
    order = world.place(channel, ("A", 2))
    actions.place_hold(order_id=order.pk, hold_type="MANUAL", reason="ask first", **WHO)
    with pytest.raises(OrderOnHold, match="MANUAL"):
        actions.release_order(order_id=order.pk, **WHO)
    assert fresh(order).status == OrderStatus.CONFIRMED


def test_an_order_that_leaves_as_a_whole_waits_for_its_stock(carrier, channel):
    channel = world.make_channel("whole", backorder_policy="WAIT")
    order = world.place(channel, ("A", 12))
    assert fresh(order).promised_delivery_date is None
    with pytest.raises(OrderAwaitsStock):
        actions.release_order(order_id=order.pk, **WHO)


def test_nothing_reserved_nothing_released(channel):
    world.make_products("NONE")
    order = world.place(channel, ("NONE", 1))
    with pytest.raises(NothingAllocated):
        actions.release_order(order_id=order.pk, **WHO)


def test_shipping_takes_units_from_reservation_and_stock_at_once(channel):
    order = released(channel, ("A", 2), ("B", 1))
    ship(order)
    level = StockLevel.objects.get(product__sku="A")
    assert (level.on_hand, level.reserved) == (8, 0)
    moved = level.movements.get(kind=MovementKind.SHIPMENT)
    assert (moved.on_hand_delta, moved.reserved_delta, moved.reason) == (-2, -2, "SHP-1")
    assert world.quantities(order, "shipped") == [2, 1]
    assert world.quantities(order, "in_work") == [0, 0]


def test_the_last_delivery_completes_the_order(channel):
    order = released(channel, ("A", 2), ("B", 1))
    ship(order)
    first, second = (line.pk for line in order.lines.order_by("position"))
    deliver = {"order_id": order.pk, "shipment_number": "SHP-1", **WHO}
    actions.record_delivered(quantities={first: 2}, **deliver)
    assert fresh(order).status == OrderStatus.RELEASED
    actions.record_delivered(quantities={second: 1}, **deliver)
    assert fresh(order).status == OrderStatus.COMPLETED
    assert world.event_types(order)[-1] == "order.completed"


def test_more_than_was_shipped_cannot_be_delivered(channel):
    order = released(channel, ("A", 2))
    line = order.lines.get()
    with pytest.raises(LineQuantityExceeded):
        actions.record_delivered(
            order_id=order.pk, quantities={line.pk: 1}, shipment_number="SHP-1", **WHO
        )
    assert world.quantities(order, "delivered") == [0]


def test_units_that_are_not_allocated_cannot_be_worked_on(channel):
    order = released(channel, ("A", 2))
    line = order.lines.get()
    with pytest.raises(LineQuantityExceeded):
        actions.mark_lines_in_work(order_id=order.pk, quantities={line.pk: 3}, **WHO)


def test_a_short_pick_is_written_down_and_sourced_again(channel):
    world.make_site("MAN", postal_code="M1 1AA", priority=200)
    order = released(channel, ("A", 3))
    (_, reservation, _) = in_work(order)[0]
    line = order.lines.get()
    actions.record_short_pick(
        order_id=order.pk, line_id=line.pk, reservation_id=reservation, quantity=3,
        effect_key="task-1", **WHO,
    )  # fmt: skip
    level = StockLevel.objects.get(product__sku="A")
    assert (level.on_hand, level.reserved) == (7, 0)
    tasks.source_due_orders()
    assert world.quantities(order, "allocated") == [3]
    level.refresh_from_db()
    assert (level.on_hand, level.reserved) == (7, 3)


def test_cancelling_gives_the_reservations_back(channel):
    order = world.place(channel, ("A", 2), ("B", 20))
    actions.cancel_order(order_id=order.pk, reason="changed my mind", **WHO)
    order = fresh(order)
    assert (order.status, order.cancel_reason) == (OrderStatus.CANCELLED, "changed my mind")
    assert world.quantities(order, "cancelled") == [2, 20]
    assert world.quantities(order, "backordered") == [0, 0]
    assert not StockLevel.objects.filter(reserved__gt=0).exists()


def test_cancelling_twice_changes_nothing(channel):
    order = world.place(channel, ("A", 2))
    for _ in range(2):
        actions.cancel_order(order_id=order.pk, reason="changed", **WHO)
    assert world.event_types(order).count("order.cancelled") == 1


def test_a_cancellation_needs_a_reason(channel):
    order = world.place(channel, ("A", 2))
    with pytest.raises(Invalid):
        actions.cancel_order(order_id=order.pk, reason=" ", **WHO)
    assert fresh(order).status == OrderStatus.CONFIRMED


def test_an_order_in_work_is_cancelled_when_its_site_has_stopped(channel):
    order = released(channel, ("A", 2))
    in_work(order)
    actions.cancel_order(order_id=order.pk, reason="changed", **WHO)
    assert fresh(order).status == OrderStatus.RELEASED
    assert world.event_types(order)[-1] == "order.cancellation_requested"
    line = order.lines.get()
    with pytest.raises(TransitionNotAllowed):
        actions.mark_lines_in_work(order_id=order.pk, quantities={line.pk: 0}, **WHO)
    actions.take_out_of_work(order_id=order.pk, quantities={line.pk: 2}, **WHO)
    actions.finish_cancellation(order_id=order.pk, **WHO)
    assert fresh(order).status == OrderStatus.CANCELLED
    assert world.open_reservations("A") == 0


def test_what_has_left_cannot_be_cancelled(channel):
    order = released(channel, ("A", 2))
    ship(order)
    with pytest.raises(OrderAlreadyShipped):
        actions.cancel_order(order_id=order.pk, reason="changed", **WHO)
    assert world.quantities(order, "cancelled") == [0]


def test_a_closed_order_cannot_be_held(channel):
    order = world.place(channel, ("A", 2))
    actions.cancel_order(order_id=order.pk, reason="changed", **WHO)
    with pytest.raises(TransitionNotAllowed):
        actions.place_hold(order_id=order.pk, hold_type="MANUAL", reason="x", **WHO)


def test_a_hold_is_open_once_per_order_and_once_per_line(channel):
    order = world.place(channel, ("A", 2))
    hold = {"order_id": order.pk, "hold_type": "MANUAL", "reason": "x", **WHO}
    actions.place_hold(**hold)
    actions.place_hold(line_position=1, **hold)
    for line in (None, 1):
        with pytest.raises(AlreadyHeld):
            actions.place_hold(line_position=line, **hold)
    assert OrderHold.objects.count() == 2


def test_an_unknown_hold_type_is_named(channel):
    order = world.place(channel, ("A", 2))
    with pytest.raises(UnknownHoldType, match="NOPE"):
        actions.place_hold(order_id=order.pk, hold_type="NOPE", reason="x", **WHO)


def test_new_stock_fills_backorders_by_priority_then_age(channel):
    world.make_products("LATE")
    old = world.place(channel, ("LATE", 2))
    urgent = world.place(channel, ("LATE", 2), priority=1)
    young = world.place(channel, ("LATE", 2))
    world.receive("LATE", 5)
    world.deliver_events()
    tasks.source_due_orders()
    assert world.quantities(urgent, "allocated") == [2]
    assert world.quantities(old, "allocated") == [2]
    assert world.quantities(young, "allocated") == [1]
    assert world.quantities(young, "backordered") == [1]


def test_a_cancelled_order_frees_units_for_those_who_wait(channel):
    first = world.place(channel, ("A", 10))
    waiting = world.place(channel, ("A", 4))
    world.deliver_events()
    actions.cancel_order(order_id=first.pk, reason="changed", **WHO)
    world.deliver_events()
    tasks.source_due_orders()
    assert world.quantities(waiting, "allocated") == [4]


def test_the_release_sweep_takes_orders_whose_time_has_come(channel):
    order = world.place(channel, ("A", 1))
    tasks.release_due_orders()
    assert fresh(order).status == OrderStatus.RELEASED
    assert fresh(order).release_due_at is None


def test_the_release_sweep_leaves_held_orders_and_does_not_come_back(channel):
    order = world.place(channel, ("A", 1))
    actions.place_hold(order_id=order.pk, hold_type="MANUAL", reason="x", **WHO)
    tasks.release_due_orders()
    assert fresh(order).status == OrderStatus.CONFIRMED
    assert fresh(order).release_due_at is None
