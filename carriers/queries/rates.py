"""The rate table, and prices and transit times read from it."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from carriers.models import RateBreak, RateCard, RateZone, ServiceLevel, TransitTime
from carriers.rules import lanes, rating
from carriers.rules.areas import build_areas
from carriers.values import AreaRow, Break, Card, Lane, Measures, Place, RateTable, Service
from oms.core.config import Cached, current_version


def get_rate_table(*, at: datetime | None = None, currency: str = "") -> RateTable:
    """Every active service with its cards, as one value, in five queries.

    Without `at` all versions of the cards are in it, so that it may be kept while dates pass.
    """
    cards = RateCard.objects.filter(service__is_active=True, service__carrier__is_active=True)
    if currency:
        cards = cards.filter(currency=currency)
    loaded = _cards(cards.order_by("service_id", "-valid_from"))
    if at is not None:
        loaded = tuple(card for card in loaded if card.is_valid_on(at.date()))
    return RateTable(services=_services(), cards=loaded)


def get_current_rate_table() -> RateTable:
    """The table as configured now; loaded again only when the configuration has changed."""
    return _cached.get(current_version())


def list_lanes(
    table: RateTable,
    origin: Place,
    destination: Place,
    *,
    on: date,
    tier: str = "",
    currency: str = "",
) -> tuple[Lane, ...]:
    """Every service (of the tier) between two places, with its price by weight. Pure."""
    return lanes.find_lanes(table, origin, destination, tier=tier, currency=currency, on=on)


def get_cheapest_lane(
    table: RateTable,
    origin: Place,
    destination: Place,
    *,
    weight_g: int,
    on: date,
    tier: str = "",
    currency: str = "",
) -> Lane | None:
    """The cheapest service (of the tier) for a weight, or None. Pure."""
    return lanes.cheapest_lane(
        table, origin, destination, weight_g=weight_g, tier=tier, currency=currency, on=on
    )


def get_lane_price(lane: Lane, measures: Measures) -> Decimal | None:
    """The price of a parcel on a lane; None when it is too heavy for the service. Pure."""
    return lanes.lane_price(lane, measures)


def _services() -> tuple[Service, ...]:
    transit: dict[int, list[AreaRow[int]]] = defaultdict(list)
    for row in TransitTime.objects.order_by("pk"):
        transit[row.service_id].append(
            AreaRow(row.country, row.postal_prefix, row.business_days, row.origin_country)
        )
    found = ServiceLevel.objects.select_related("carrier").filter(
        is_active=True, carrier__is_active=True
    )
    return tuple(
        _service(service, transit.get(service.pk, ()))
        for service in found.order_by("carrier__code", "code")
    )


def _service(service: ServiceLevel, transit: Iterable[AreaRow[int]]) -> Service:
    return Service(
        id=service.pk,
        carrier_id=service.carrier_id,
        carrier_code=service.carrier.code,
        carrier_name=service.carrier.name,
        code=service.code,
        name=service.name,
        tier=service.tier,
        transit=build_areas(transit),
        max_weight_g=service.max_weight_g,
        max_length_mm=service.max_length_mm,
        max_length_plus_girth_mm=service.max_length_plus_girth_mm,
        cutoff=service.cutoff_at,
    )


def _cards(rows: Iterable[RateCard]) -> tuple[Card, ...]:
    cards = list(rows)
    zones: dict[int, list[AreaRow[str]]] = defaultdict(list)
    for zone in RateZone.objects.filter(card__in=cards).order_by("pk"):
        zones[zone.card_id].append(
            AreaRow(zone.country, zone.postal_prefix, zone.zone, zone.origin_country)
        )
    breaks: dict[int, dict[str, list[Break]]] = defaultdict(lambda: defaultdict(list))
    for step in RateBreak.objects.filter(card__in=cards).order_by("up_to_weight_g"):
        breaks[step.card_id][step.zone].append(
            Break(step.up_to_weight_g, step.price_amount, step.per_kg_amount)
        )
    return tuple(_card(card, zones[card.pk], breaks[card.pk]) for card in cards)


def _card(card: RateCard, zones: list[AreaRow[str]], breaks: dict[str, list[Break]]) -> Card:
    return rating.with_steps(
        Card(
            id=card.pk,
            service_id=card.service_id,
            currency=card.currency,
            valid_from=card.valid_from,
            valid_to=card.valid_to,
            zones=build_areas(zones),
            breaks={zone: tuple(steps) for zone, steps in breaks.items()},
            dim_divisor=card.dim_divisor,
            minimum=card.minimum_amount,
            fuel_percent=card.fuel_percent,
        )
    )


_cached = Cached(get_rate_table)
