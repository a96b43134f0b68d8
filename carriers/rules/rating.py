"""The price of a parcel on a tariff.

Billable weight is the actual or the volumetric weight, whichever is more, where volumetric
kilograms are cubic centimetres over the card's divisor. The zone's first break that holds it gives
the price, raised to the card's minimum; fuel is a percentage of that. Every charge is rounded by
itself, half up, as carriers do on their bills, and the total is their sum.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from operator import itemgetter

from carriers.rules.areas import find_area
from carriers.values.rating import Break, Card, Charge, Measures, Place, Rate
from oms.core.money import round_money

GRAMS_PER_KG = 1000
PERCENT = Decimal(100)
ZERO = Decimal(0)
_up_to = itemgetter(0)


def billable_weight_g(measures: Measures, dim_divisor: int) -> int:
    """Grams that the tariff counts; cubic millimetres over the divisor are volumetric grams."""
    if not dim_divisor:
        return measures.weight_g
    cubic_mm = measures.length_mm * measures.width_mm * measures.height_mm
    return max(measures.weight_g, -(-cubic_mm // dim_divisor))


def rate_parcel(card: Card, origin: Place, destination: Place, measures: Measures) -> Rate | str:
    """The parcel's price on this card, or the constraint that forbids it."""
    zone = find_area(card.zones, origin.country, destination)
    if zone is None:
        return f"does not serve {destination.country} {destination.postal_code}".rstrip()
    grams = billable_weight_g(measures, card.dim_divisor)
    held_by = _break_for(card.breaks.get(zone, ()), grams)
    if held_by is None:
        return f"{grams} g is above the tariff's last weight in zone {zone}"
    charges = _charges(card, *held_by, grams)
    total = sum((charge.amount for charge in charges), ZERO)
    return Rate(card.id, zone, card.currency, grams, charges, total)


def _break_for(breaks: Sequence[Break], grams: int) -> tuple[Break, int] | None:
    """The break that holds the weight, and where the one before it ended."""
    below = 0
    for step in breaks:
        if grams <= step.up_to_g:
            return step, below
        below = step.up_to_g
    return None


def _charges(card: Card, step: Break, below_g: int, grams: int) -> tuple[Charge, ...]:
    base = step.amount
    if step.per_kg:
        base += step.per_kg * begun_kg(grams - below_g)
    charges = [Charge("base", round_money(base, card.currency))]
    lacking = round_money(card.minimum, card.currency) - charges[0].amount
    if lacking > 0:
        charges.append(Charge("minimum", lacking))
    if card.fuel_percent:
        before_fuel = sum((charge.amount for charge in charges), ZERO)
        fuel = round_money(before_fuel * card.fuel_percent / PERCENT, card.currency)
        charges.append(Charge("fuel", fuel))
    return tuple(charges)


def begun_kg(grams: int) -> int:
    return -(-grams // GRAMS_PER_KG)


def with_steps(card: Card) -> Card:
    """The card with its price per zone worked out as a step function of billable weight."""
    return replace(card, steps={zone: _steps(card, breaks) for zone, breaks in card.breaks.items()})


def _steps(card: Card, breaks: Sequence[Break]) -> tuple[tuple[int, Decimal], ...]:
    steps: list[tuple[int, Decimal]] = []
    below = 0
    for step in breaks:
        ends = [step.up_to_g]
        if step.per_kg:
            kilograms = range(below + GRAMS_PER_KG, step.up_to_g, GRAMS_PER_KG)
            ends = [*kilograms, step.up_to_g]
        for end in ends:
            charges = _charges(card, step, below, end)
            steps.append((end, sum((charge.amount for charge in charges), ZERO)))
        below = step.up_to_g
    return tuple(steps)


def price_at(steps: Sequence[tuple[int, Decimal]], grams: int) -> Decimal | None:
    """The price of a billable weight by the worked-out steps; None above the last one."""
    index = bisect_left(steps, grams, key=_up_to)
    return steps[index][1] if index < len(steps) else None
