"""Lanes from sites to destinations, from the carriers' rate tables."""

from datetime import date
from decimal import Decimal

from carriers import queries as carriers_queries
from carriers import values as carriers_values
from inventory.queries import SiteInfo
from orders.queries.config import OrderConfig
from orders.values import Lane

KEPT_LANES = 100_000


def lane_to(
    config: OrderConfig,
    site: SiteInfo,
    country: str,
    postal_code: str,
    *,
    tier: str,
    currency: str,
    on: date,
) -> Lane | None:
    """The lane of a service level from a site; None when no carrier serves the destination from there."""
    key = (site.id, country, postal_code, tier, currency, on)
    if key not in config.lanes:
        if len(config.lanes) >= KEPT_LANES:
            config.lanes.clear()
        origin = carriers_values.Place(site.country, site.postal_code)
        destination = carriers_values.Place(country, postal_code)
        found = carriers_queries.list_lanes(
            config.rates, origin, destination, tier=tier, currency=currency, on=on
        )
        config.lanes[key] = _cheapest_of(tier, found)
    return config.lanes[key]


def _cheapest_of(tier: str, lanes: tuple[carriers_values.Lane, ...]) -> Lane | None:
    """One tariff out of several services: the least price of every weight, the slowest of their transits.

    Which service really carries the parcel is decided when it is packed; until then nobody should be promised
    more than the slowest of those that may win.
    """
    if not lanes:
        return None
    weights = sorted({up_to_g for lane in lanes for up_to_g, _ in lane.steps})
    steps, winners = [], []
    for weight_g in weights:
        price, days = min(
            (price, lane.transit_days)
            for lane in lanes
            for price in [_price(lane, weight_g)]
            if price is not None
        )
        steps.append((weight_g, price))
        winners.append(days)
    return Lane(tier, max(winners), tuple(steps))


def _price(lane: carriers_values.Lane, weight_g: int) -> Decimal | None:
    return next((price for up_to_g, price in lane.steps if weight_g <= up_to_g), None)
