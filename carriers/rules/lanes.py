"""Services between two places with their price by weight, cheap enough for order capture."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from carriers.rules.areas import find_area
from carriers.rules.rating import billable_weight_g, price_at
from carriers.values.rating import Card, Lane, Measures, Place, RateTable, Service


def find_lanes(
    table: RateTable, origin: Place, destination: Place, *, tier: str, currency: str, on: date
) -> tuple[Lane, ...]:
    """Every service of the tier (empty: any) that has a price and a transit time."""
    return tuple(
        lane
        for service in table.services
        if not tier or service.tier == tier
        for lane in _lanes_of(table, service, origin, destination, currency, on)
    )


def cheapest_lane(
    table: RateTable,
    origin: Place,
    destination: Place,
    *,
    weight_g: int,
    tier: str,
    currency: str,
    on: date,
) -> Lane | None:
    """The lane of the tier that is cheapest for the weight; of equal ones the faster.

    When the weight is too much for one parcel on every lane, the one that takes most.
    """
    lanes = find_lanes(table, origin, destination, tier=tier, currency=currency, on=on)
    return min(lanes, key=lambda lane: _preference(lane, weight_g), default=None)


def _preference(lane: Lane, weight_g: int) -> tuple[bool, Decimal | int, int, str]:
    price = lane_price(lane, Measures(weight_g))
    first = price if price is not None else -lane.steps[-1][0]
    return price is None, first, lane.transit_days, lane.service.label


def lane_price(lane: Lane, measures: Measures) -> Decimal | None:
    """The price of a parcel on the lane; None when it is too heavy for the service."""
    limit = lane.service.max_weight_g
    if limit and measures.weight_g > limit:
        return None
    return price_at(lane.steps, billable_weight_g(measures, lane.dim_divisor))


def card_of(table: RateTable, service: Service, currency: str, on: date) -> Card | None:
    """The service's tariff in this currency (empty: in any) on this day."""
    for card in table.cards_by_service.get(service.id, ()):
        if card.is_valid_on(on) and currency in ("", card.currency):
            return card
    return None


def _lanes_of(
    table: RateTable, service: Service, origin: Place, destination: Place, currency: str, on: date
) -> Iterator[Lane]:
    card = card_of(table, service, currency, on)
    if card is None:
        return
    transit_days = find_area(service.transit, origin.country, destination)
    zone = find_area(card.zones, origin.country, destination)
    if transit_days is None or zone is None or not card.steps.get(zone):
        return
    yield Lane(
        service, card.id, zone, card.currency, transit_days, card.dim_divisor, card.steps[zone]
    )
