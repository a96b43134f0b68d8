"""The checks every new order passes; each finding asks for a hold."""

from collections.abc import Callable

from orders.rules.addresses import address_problems
from orders.values import CheckedOrder, CheckPolicy, HoldWanted

Check = Callable[[CheckedOrder, CheckPolicy], str]


def verify(order: CheckedOrder, policy: CheckPolicy) -> tuple[HoldWanted, ...]:
    """Run every check; an order may earn several holds."""
    findings = ((code, check(order, policy)) for code, check in CHECKS.items())
    return tuple(HoldWanted(code, reason) for code, reason in findings if reason)


def _duplicate(order: CheckedOrder, policy: CheckPolicy) -> str:
    """Same customer, same total, within the channel's window: probably a second click."""
    if not order.similar_orders:
        return ""
    return f"Looks like {', '.join(order.similar_orders)}: same customer, same total."


def _address(order: CheckedOrder, policy: CheckPolicy) -> str:
    return " ".join(address_problems(order.address))


def _amount(order: CheckedOrder, policy: CheckPolicy) -> str:
    if policy.amount_limit is None or order.total <= policy.amount_limit:
        return ""
    return (
        f"Total {order.total} {order.currency} is above the limit of"
        f" {policy.amount_limit.normalize():f} {order.currency}."
    )


def _unpaid(order: CheckedOrder, policy: CheckPolicy) -> str:
    if not policy.requires_payment or order.payment_status in {"AUTHORIZED", "PAID"}:
        return ""
    return "This channel's orders are paid before they leave, and this one is not."


CHECKS: dict[str, Check] = {
    "DUPLICATE": _duplicate,
    "ADDRESS": _address,
    "AMOUNT": _amount,
    "UNPAID": _unpaid,
}
