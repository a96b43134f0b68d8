"""Which service carries a shipment.

Of all services that can take every parcel, the cheapest that delivers by the promised date; when
none does, the fastest. Without a promise, the cheapest. Equal ones go to the earlier delivery or
the lower price, then to the carrier and service code.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from carriers.rules.areas import find_area
from carriers.rules.lanes import card_of
from carriers.rules.rating import rate_parcel
from carriers.rules.transit import add_business_days, pickup_date
from carriers.values.contract import Quote
from carriers.values.rating import Card, Charge, Measures, Rate, RateTable, Service
from carriers.values.shopping import Offer, ShopPolicy, ShopRequest, ShopResult
from oms.core.money import format_amount

ZERO = Decimal(0)


def shop(request: ShopRequest, table: RateTable, policy: ShopPolicy | None = None) -> ShopResult:
    """Price every service and choose one."""
    policy = policy or ShopPolicy()
    quotes = {quote.service_id: quote for quote in request.live}
    offers = [_offer(request, table, service, quotes) for service in table.services]
    able = sorted((o for o in offers if not o.rejected), key=_rank)
    refused = sorted((o for o in offers if o.rejected), key=lambda offer: offer.service.label)
    if not able:
        return ShopResult(None, tuple(refused), policy.version, _nobody(refused), request)
    best = able[0]
    losers = [replace(offer, rejected=_loss(offer, best, request)) for offer in able[1:]]
    return ShopResult(
        best, (best, *losers, *refused), policy.version, _summary(best, request), request
    )


def _offer(
    request: ShopRequest, table: RateTable, service: Service, quotes: Mapping[int, Quote]
) -> Offer:
    reason = _excluded(request, service) or _over_limits(service, request.parcels)
    if reason:
        return Offer(service, request.currency, rejected=reason)
    on = pickup_date(request.ready_at, service.cutoff, request.holidays)
    card = card_of(table, service, request.currency, on)
    if card is None:
        return _quoted(request, service, on, quotes.get(service.id))
    return _rated(request, service, on, card)


def _excluded(request: ShopRequest, service: Service) -> str:
    if request.tiers and service.tier not in request.tiers:
        return f"{service.tier} is not {' or '.join(request.tiers)}"
    if request.carriers and service.carrier_code not in request.carriers:
        return "this carrier is not wanted"
    return ""


def _over_limits(service: Service, parcels: Sequence[Measures]) -> str:
    heaviest = max(parcel.weight_g for parcel in parcels)
    if service.max_weight_g and heaviest > service.max_weight_g:
        return f"{heaviest} g is above the limit of {service.max_weight_g} g"
    longest = max(parcel.longest_mm for parcel in parcels)
    if service.max_length_mm and longest > service.max_length_mm:
        return f"{longest} mm is longer than {service.max_length_mm} mm"
    girth = max(parcel.length_plus_girth_mm for parcel in parcels)
    if service.max_length_plus_girth_mm and girth > service.max_length_plus_girth_mm:
        return f"length and girth of {girth} mm are above {service.max_length_plus_girth_mm} mm"
    return ""


def _rated(request: ShopRequest, service: Service, on: date, card: Card) -> Offer:
    rates: list[Rate] = []
    for parcel in request.parcels:
        rate = rate_parcel(card, request.origin, request.destination, parcel)
        if isinstance(rate, str):
            return Offer(service, request.currency, pickup_date=on, rejected=rate)
        rates.append(rate)
    transit = find_area(service.transit, request.origin.country, request.destination)
    if transit is None:
        reason = f"no transit time to {request.destination.country}"
        return Offer(service, request.currency, pickup_date=on, rejected=reason)
    priced = Offer(
        service,
        card.currency,
        total=sum((rate.total for rate in rates), ZERO),
        charges=_added_up(rates),
        card_id=card.id,
        zone=rates[0].zone,
        billable_g=sum(rate.billable_g for rate in rates),
    )
    return _dated(request, priced, on, transit)


def _quoted(request: ShopRequest, service: Service, on: date, quote: Quote | None) -> Offer:
    """An offer from a live quote, for a service without a rate card of ours."""
    if quote is None or quote.currency != request.currency:
        return Offer(service, request.currency, rejected=f"no tariff in {request.currency}")
    transit = quote.business_days
    if transit is None:
        transit = find_area(service.transit, request.origin.country, request.destination)
    if transit is None:
        return Offer(service, request.currency, rejected="no transit time")
    charges = quote.charges or (Charge("base", quote.amount),)
    priced = Offer(service, quote.currency, total=quote.amount, charges=charges)
    return _dated(request, priced, on, transit)


def _dated(request: ShopRequest, offer: Offer, on: date, transit: int) -> Offer:
    delivery = add_business_days(on, transit, request.holidays)
    promise = request.promise_date
    return replace(
        offer,
        pickup_date=on,
        transit_days=transit,
        delivery_date=delivery,
        meets_promise=promise is None or delivery <= promise,
    )


def _added_up(rates: Sequence[Rate]) -> tuple[Charge, ...]:
    sums: dict[str, Decimal] = {}
    for rate in rates:
        for charge in rate.charges:
            sums[charge.kind] = sums.get(charge.kind, ZERO) + charge.amount
    return tuple(Charge(kind, amount) for kind, amount in sums.items())


def _rank(offer: Offer) -> tuple[Any, ...]:
    total, delivery = offer.total, offer.delivery_date
    order = (total, delivery) if offer.meets_promise else (delivery, total)
    return (not offer.meets_promise, *order, offer.service.carrier_code, offer.service.code)


def _loss(offer: Offer, best: Offer, request: ShopRequest) -> str:
    assert offer.total is not None
    assert offer.delivery_date is not None
    assert best.total is not None
    assert best.delivery_date is not None
    if best.meets_promise and not offer.meets_promise:
        return f"arrives {offer.delivery_date}, after the promised {request.promise_date}"
    if not best.meets_promise and offer.delivery_date > best.delivery_date:
        return f"arrives {offer.delivery_date}, later than {best.delivery_date}"
    if offer.total > best.total:
        return f"costs {format_amount(offer.total - best.total, offer.currency)} more"
    if offer.delivery_date > best.delivery_date:
        return "same price, arrives later"
    return "same price and day, later in the list"


def _summary(best: Offer, request: ShopRequest) -> str:
    assert best.total is not None
    price = f"{format_amount(best.total, best.currency)} {best.currency}"
    name = f"{best.service.carrier_name} {best.service.name}"
    if request.promise_date is None:
        return f"{name} for {price}, the cheapest; arrives {best.delivery_date}."
    if best.meets_promise:
        return f"{name} for {price}, the cheapest that arrives by {request.promise_date}."
    return (
        f"{name} for {price}, the fastest: it arrives {best.delivery_date} and nothing"
        f" arrives by {request.promise_date}."
    )


def _nobody(refused: Sequence[Offer]) -> str:
    reasons = "; ".join(f"{offer.service.label}: {offer.rejected}" for offer in refused)
    return f"No service can take it. {reasons}"[:500] if reasons else "There are no services."
