"""Money: Decimal and one ISO 4217 currency. Rounded once, at the line total, half up."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

# ISO 4217 minor units; every currency that is not named here has two.
EXPONENTS = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW"), 0),
    **dict.fromkeys(("PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}
ZERO = Decimal(0)


def exponent(currency: str) -> int:
    return EXPONENTS.get(currency, 2)


def quantum(currency: str) -> Decimal:
    return Decimal(1).scaleb(-exponent(currency))


def round_money(amount: Decimal, currency: str) -> Decimal:
    return amount.quantize(quantum(currency), rounding=ROUND_HALF_UP)


@dataclass(frozen=True)
class Money:
    amount: Decimal
    currency: str

    def __add__(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} cannot be added")
        return Money(self.amount + other.amount, self.currency)

    def as_json(self) -> dict[str, str]:
        return {"amount": format_amount(self.amount, self.currency), "currency": self.currency}


def format_amount(amount: Decimal, currency: str) -> str:
    """The amount with at least the currency's decimals and no trailing zeros beyond them."""
    rounded = round_money(amount, currency)
    return f"{rounded if rounded == amount else amount.normalize():f}"


def split(total: Decimal, weights: Sequence[Decimal], currency: str) -> list[Decimal]:
    """Split a total over weights so that the parts add up to it (largest remainder method).

    Ties go to the earlier part. All-zero weights share evenly.
    """
    if not weights:
        return []
    unit = quantum(currency)
    shares = list(weights) if sum(weights) else [Decimal(1)] * len(weights)
    exact = [total * share / sum(shares) for share in shares]
    floors = [(part // unit) * unit for part in exact]
    missing = int((total - sum(floors)) / unit)
    by_remainder = sorted(range(len(exact)), key=lambda i: (floors[i] - exact[i], i))
    for index in by_remainder[: abs(missing)]:
        floors[index] += unit if missing > 0 else -unit
    return floors
