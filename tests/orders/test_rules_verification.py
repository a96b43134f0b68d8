"""The checks that a new order passes."""

from dataclasses import replace
from decimal import Decimal

import pytest

from orders.rules.addresses import address_problems
from orders.rules.totals import compute_totals
from orders.rules.verification import verify
from orders.values import CheckedOrder, CheckPolicy, NewAddress, NewLine

HOME = NewAddress(name="Ann", line1="1 High St", city="London", postal_code="SW1A 1AA", country="GB")
ORDER = CheckedOrder(Decimal("50.00"), "GBP", "PAID", HOME)


def holds(order: CheckedOrder, **policy) -> list[str]:
    return [hold.hold_type for hold in verify(order, CheckPolicy(**policy))]


def test_a_good_order_earns_no_hold():
    assert holds(ORDER, amount_limit=Decimal(50), requires_payment=True) == []


def test_each_finding_is_a_hold_of_its_own():
    bad = replace(
        ORDER,
        total=Decimal("50.01"),
        payment_status="UNPAID",
        address=replace(HOME, postal_code="1"),
        similar_orders=("SO-000001",),
    )
    found = holds(bad, amount_limit=Decimal(50), requires_payment=True)
    assert found == ["DUPLICATE", "ADDRESS", "AMOUNT", "UNPAID"]


def test_payment_only_matters_where_the_channel_wants_it():
    assert holds(replace(ORDER, payment_status="UNPAID")) == []


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"country": "XX"}, "not a country code"),
        ({"city": ""}, "city is missing"),
        ({"line1": " "}, "street is missing"),
        ({"postal_code": ""}, "postal code is missing"),
        ({"postal_code": "12345"}, "not one of GB"),
        ({"country": "DE"}, "not one of DE"),
    ],
)
def test_an_address_names_its_problem(change, problem):
    assert problem in " ".join(address_problems(replace(HOME, **change)))


def test_countries_without_postal_codes_need_none():
    dublin = replace(HOME, country="AE", postal_code="", city="Dubai")
    assert not [p for p in address_problems(dublin) if "postal" in p]


def test_totals_round_once_at_the_line():
    lines = [NewLine(sku="A", quantity=3, discount=Decimal("0.10"), tax=Decimal("0.333"))]
    totals = compute_totals(
        lines, [Decimal("0.335")], shipping=Decimal("4.00"), discount=Decimal("1.00"), currency="GBP"
    )
    assert totals.lines == (Decimal("0.91"),)
    assert totals.tax == Decimal("0.33")
    assert totals.total == Decimal("0.91") + Decimal("4.00") + Decimal("0.33") - Decimal("1.00")


def test_currencies_without_minor_units_have_whole_totals():
    lines = [NewLine(sku="A", quantity=1)]
    totals = compute_totals(
        lines, [Decimal("99.5")], shipping=Decimal(0), discount=Decimal(0), currency="JPY"
    )
    assert totals.total == Decimal(100)
