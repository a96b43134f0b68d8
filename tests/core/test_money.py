from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from oms.core.money import format_amount, quantum, split

amounts = st.decimals(0, 10_000, places=2)


@given(amounts, st.lists(st.decimals(0, 100, places=2), min_size=1, max_size=9))
def test_the_parts_of_a_split_add_up_to_the_whole_and_are_payable(total, weights):
    parts = split(total, weights, "EUR")
    assert sum(parts) == total
    assert all(part >= 0 and part % quantum("EUR") == 0 for part in parts)


def test_ties_go_to_the_earlier_part():
    assert split(Decimal("0.01"), [Decimal(1), Decimal(1)], "EUR") == [Decimal("0.01"), Decimal(0)]


def test_amounts_keep_the_decimals_of_their_currency():
    assert format_amount(Decimal("12.5000"), "EUR") == "12.50"
    assert format_amount(Decimal("1200.0000"), "JPY") == "1200"
    assert format_amount(Decimal("0.0045"), "EUR") == "0.0045"
