"""Totals are always recomputed; what the caller expected is only compared."""

from collections.abc import Sequence
from decimal import Decimal

from oms.core.money import round_money
from orders.values import NewLine, Totals


def compute_totals(
    lines: Sequence[NewLine],
    prices: Sequence[Decimal],
    *,
    shipping: Decimal,
    discount: Decimal,
    currency: str,
) -> Totals:
    """Line total = quantity x unit price - line discount, rounded once to the currency's exponent.

    Order total = sum of line totals + shipping + sum of line taxes - order discount.
    """
    line_totals = tuple(
        round_money(line.quantity * price - line.discount, currency)
        for line, price in zip(lines, prices, strict=True)
    )
    items = sum(line_totals, Decimal(0))
    tax = round_money(sum((line.tax for line in lines), Decimal(0)), currency)
    shipping, discount = round_money(shipping, currency), round_money(discount, currency)
    return Totals(
        lines=line_totals,
        items=items,
        tax=tax,
        discount=discount,
        shipping=shipping,
        total=items + shipping + tax - discount,
    )
