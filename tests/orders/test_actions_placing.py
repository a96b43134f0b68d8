"""Capture: what it stores, refuses and says."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from inventory.models import StockLevel
from oms.core.actors import SYSTEM
from oms.core.models import Decision, EventRecord
from orders import actions
from orders.errors import ExternalRefTaken, OrderInvalid, TotalMismatch, UnknownChannel
from orders.models import Customer, Order, OrderHold
from orders.states import OrderStatus
from orders.values import NewLine
from tests.factories import world
from tests.factories.world import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def channel(carrier):
    world.make_site("LON")
    world.make_site("MAN", postal_code="M1 1AA", priority=200)
    world.make_products("A", "B", "C")
    world.receive("A", 10)
    world.receive("B", 10)
    world.receive("B", 10, "MAN")
    return world.make_channel()


def place(channel, order, at=NOW):
    return actions.place_order(channel_id=channel.pk, order=order, actor=SYSTEM, at=at)


def test_a_captured_order_is_confirmed_reserved_and_promised(channel):
    order = world.place(channel, ("A", 2), ("B", 1))
    assert order.number == f"SO-{order.pk:06d}"
    assert order.status == OrderStatus.CONFIRMED
    assert order.total_amount == Decimal("30.00")
    assert world.quantities(order, "allocated") == [2, 1]
    assert world.open_reservations("A") == 2
    assert order.promised_ship_at is not None
    assert order.promised_delivery_date > order.promised_ship_at.date()
    assert world.event_types(order) == ["order.placed", "order.confirmed", "order.sourced"]


def test_its_decisions_say_what_was_chosen_and_why_the_others_lost(channel):
    order = world.place(channel, ("A", 1), ("B", 1))
    kinds = Decision.objects.filter(subject_type="order", subject_id=order.pk)
    assert sorted(kinds.values_list("kind", flat=True)) == ["promise", "sourcing", "verification"]
    sourcing = kinds.get(kind="sourcing")
    assert sourcing.candidates[0]["sites"] == ["LON"]
    assert sourcing.candidates[1]["sites"] == ["MAN"]
    assert sourcing.candidates[1]["rejected"] == "covers 1 of 2 units"
    assert sourcing.policy == "sourcing/1"


def test_what_is_not_there_is_backordered(channel):
    order = world.place(channel, ("A", 15), ("C", 1))
    assert world.quantities(order, "allocated") == [10, 0]
    assert world.quantities(order, "backordered") == [5, 1]
    assert StockLevel.objects.get(product__sku="A").available == 0


def test_an_order_over_two_sites_is_split_when_no_site_has_everything(channel):
    order = world.place(channel, ("A", 10), ("B", 15))
    assert world.quantities(order, "allocated") == [10, 15]
    assert {level.site.code for level in StockLevel.objects.filter(reserved__gt=0)} == {"LON", "MAN"}


def test_services_need_no_stock(channel):
    world.inventory_actions.put_product(
        sku="WRAP", name="Gift wrap", price=Decimal(2), is_stocked=False
    )
    order = world.place(channel, ("A", 1), ("WRAP", 1))
    assert world.quantities(order, "allocated") == [1, 1]
    assert world.open_reservations("A") == 1


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"lines": (NewLine(sku="A", quantity=1), NewLine(sku="X", quantity=1))}, "/lines/1/sku", "unknown_sku"),
        ({"currency": "EUR"}, "/currency", "wrong_currency"),
        ({"lines": ()}, "/lines", "required"),
        ({"discount": Decimal(99)}, "/discount", "exceeds_order"),
        ({"lines": (NewLine(sku="A", quantity=1, discount=Decimal(11)),)}, "/lines/0/discount", "exceeds_line"),
    ],
)  # fmt: skip
def test_a_bad_value_is_named_and_nothing_is_stored(channel, change, pointer, code):
    with pytest.raises(OrderInvalid) as refusal:
        place(channel, replace(world.new_order(("A", 1)), **change))
    assert [(e.pointer, e.code) for e in refusal.value.errors] == [(pointer, code)]
    assert not Order.objects.exists()
    assert not Customer.objects.exists()
    assert StockLevel.objects.get(product__sku="A").reserved == 0


def test_a_product_without_a_price_needs_one(channel):
    world.inventory_actions.put_product(sku="FREE", name="No price")
    with pytest.raises(OrderInvalid) as refusal:
        place(channel, world.new_order(("FREE", 1)))
    assert refusal.value.errors[0].pointer == "/lines/0/unit_price"


def test_an_expected_total_that_differs_is_refused_with_the_right_one(channel):
    with pytest.raises(TotalMismatch) as refusal:
        place(channel, world.new_order(("A", 1), expected_total=Decimal("9.99")))
    assert refusal.value.context == {"total": "10.00"}
    assert not Order.objects.exists()


def test_the_same_order_again_is_the_same_order(channel):
    order = world.new_order(("A", 1))
    first, second = place(channel, order), place(channel, order)
    assert (second.order_id, first.is_new, second.is_new) == (first.order_id, True, False)
    assert world.open_reservations("A") == 1


def test_the_same_reference_with_another_content_is_refused(channel):
    order = world.new_order(("A", 1))
    first = place(channel, order)
    with pytest.raises(ExternalRefTaken) as refusal:
        place(channel, replace(order, shipping=Decimal(5)))
    assert refusal.value.context == {"number": first.number}
    assert Order.objects.count() == 1


def test_two_channels_may_use_the_same_reference(channel):
    order = world.new_order(("A", 1))
    assert place(channel, order).order_id != place(world.make_channel("app"), order).order_id


def test_an_inactive_channel_takes_no_orders(channel):
    channel = world.make_channel(is_active=False)
    with pytest.raises(UnknownChannel):
        place(channel, world.new_order(("A", 1)))


def test_a_held_order_reserves_nothing_until_the_hold_is_released(channel):
    channel = world.make_channel(amount_limit=Decimal(15))
    order = world.place(channel, ("A", 2))
    assert order.status == OrderStatus.PLACED
    assert world.event_types(order) == ["order.placed", "order.held"]
    assert StockLevel.objects.get(product__sku="A").reserved == 0
    hold = OrderHold.objects.get(order=order)
    actions.release_hold(hold_id=hold.pk, reason="checked", actor=SYSTEM, at=NOW)
    actions.advance_due_order(order_id=order.pk, actor=SYSTEM, at=NOW)
    order.refresh_from_db()
    assert order.status == OrderStatus.CONFIRMED
    assert world.quantities(order, "allocated") == [2]


def test_several_holds_stand_side_by_side(channel):
    channel = world.make_channel(amount_limit=Decimal(15), requires_payment=True)
    address = replace(world.HOME, postal_code="nowhere")
    order = world.place(channel, ("A", 2), ship_to=address)
    found = OrderHold.objects.filter(order=order).values_list("hold_type__code", flat=True)
    assert sorted(found) == ["ADDRESS", "AMOUNT", "UNPAID"]


def test_an_unpaid_order_is_reserved_but_does_not_leave(channel):
    channel = world.make_channel(requires_payment=True)
    order = world.place(channel, ("A", 2))
    assert order.status == OrderStatus.CONFIRMED
    assert world.quantities(order, "allocated") == [2]
    assert order.release_due_at is None


def test_a_second_click_is_held_as_a_duplicate(channel):
    first = world.new_order(("A", 1))
    place(channel, first)
    again = replace(first, external_ref="OTHER")
    second = place(channel, again, at=NOW + timedelta(minutes=5))
    late = place(channel, replace(first, external_ref="LATE"), at=NOW + timedelta(hours=25))
    holds = OrderHold.objects.filter(order_id=second.order_id)
    assert [hold.hold_type.code for hold in holds] == ["DUPLICATE"]
    assert not OrderHold.objects.filter(order_id=late.order_id).exists()


def test_stock_that_vanishes_between_reading_and_reserving_is_decided_again(channel, monkeypatch):
    real = world.inventory_actions.reserve_all
    calls = []

    def somebody_is_faster(*, wants, demand_type, actor, at):
        calls.append(wants)
        if len(calls) == 1:
            return None
        return real(wants=wants, demand_type=demand_type, actor=actor, at=at)

    monkeypatch.setattr(world.inventory_actions, "reserve_all", somebody_is_faster)
    order = world.place(channel, ("A", 2))
    assert len(calls) == 2
    assert world.quantities(order, "allocated") == [2]
    assert world.open_reservations("A") == 2
    assert world.event_types(order) == ["order.placed", "order.confirmed", "order.sourced"]


def test_events_carry_no_personal_data(channel):
    world.place(channel, ("A", 1))
    payloads = str(list(EventRecord.objects.values_list("payload", flat=True)))
    decisions = str(list(Decision.objects.values_list("inputs", "candidates", "summary")))
    assert "Ann" not in payloads + decisions
    assert "High St" not in payloads + decisions
