"""Carriers, services, tariffs and accounts as plain values; putting the same twice changes nothing."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime

from django.db import transaction
from django.db.models import Q

from carriers import locks
from carriers.errors import InvalidTariff, RateCardInUse, UnknownCarrier
from carriers.models import (
    Carrier,
    CarrierAccount,
    RateBreak,
    RateBucket,
    RateCard,
    RateZone,
    ServiceLevel,
    TransitTime,
)
from carriers.values import CardSpec, CarrierSpec, ServiceSpec
from oms.core import secrets

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)  # a new bucket is full


@transaction.atomic
def put_carrier(*, spec: CarrierSpec, clock_speed: int = 1) -> Carrier:
    """Create or update a carrier with its services and their tariffs.

    Services that are not in the value any more are switched off.

    Raises:
        InvalidTariff: a zone without prices, or prices without a zone.
        RateCardInUse: see `put_rate_card`.
    """
    carrier, _ = Carrier.objects.update_or_create(
        code=spec.code,
        defaults={
            "name": spec.name,
            "adapter": spec.adapter,
            "calls_per_second": spec.calls_per_second,
            "burst": spec.burst,
            "clock_speed": clock_speed,
            "is_active": True,
        },
    )
    RateBucket.objects.get_or_create(carrier=carrier, defaults={"refilled_at": LONG_AGO})
    for service in spec.services:
        _put_service(carrier, service)
    wanted = [service.code for service in spec.services]
    carrier.services.exclude(code__in=wanted).update(is_active=False)
    return carrier


@transaction.atomic
def put_account(
    *, carrier_code: str, name: str, endpoint_url: str, credentials: Mapping[str, str]
) -> CarrierAccount:
    """Create or update an account; its credentials are stored encrypted.

    Raises:
        UnknownCarrier: there is no such carrier.
    """
    carrier = Carrier.objects.filter(code=carrier_code).first()
    if carrier is None:
        raise UnknownCarrier(f"There is no carrier {carrier_code}.")
    account, _ = CarrierAccount.objects.update_or_create(
        carrier=carrier,
        name=name,
        defaults={
            "endpoint_url": endpoint_url,
            "credentials_sealed": secrets.seal(json.dumps(dict(credentials))),
            "is_active": True,
        },
    )
    return account


@transaction.atomic
def put_rate_card(*, service_id: int, spec: CardSpec) -> RateCard:
    """Put one version of a tariff; it ends where the next one begins.

    Raises:
        InvalidTariff: a zone without prices, or prices without a zone.
        RateCardInUse: another tariff from the same day has been quoted from.
    """
    _check(spec)
    service = locks.lock_service(service_id)
    content = _fingerprint(spec)
    held = RateCard.objects.filter(service=service, valid_from=spec.valid_from).first()
    if held is not None and held.content_sha256 == content:
        return held
    if held is not None:
        _remove(held)
    card = RateCard.objects.create(
        service=service,
        currency=spec.currency,
        valid_from=spec.valid_from,
        valid_to=_make_room(service, spec.valid_from),
        dim_divisor=spec.dim_divisor,
        minimum_amount=spec.minimum,
        fuel_percent=spec.fuel_percent,
        content_sha256=content,
    )
    _fill(card, spec)
    return card


def _put_service(carrier: Carrier, spec: ServiceSpec) -> None:
    service, _ = ServiceLevel.objects.update_or_create(
        carrier=carrier,
        code=spec.code,
        defaults={
            "name": spec.name,
            "tier": spec.tier,
            "max_weight_g": spec.max_weight_g,
            "max_length_mm": spec.max_length_mm,
            "max_length_plus_girth_mm": spec.max_length_plus_girth_mm,
            "cutoff_at": spec.cutoff,
            "is_active": True,
        },
    )
    service.transit_times.all().delete()
    TransitTime.objects.bulk_create(
        TransitTime(
            service=service,
            origin_country=row.origin_country,
            country=row.country,
            postal_prefix=row.postal_prefix,
            business_days=row.value,
        )
        for row in spec.transit
    )
    put_rate_card(service_id=service.pk, spec=spec.card)


def _check(spec: CardSpec) -> None:
    priced = {zone for zone, breaks in spec.breaks if breaks}
    zoned = {row.value for row in spec.zones}
    if priced != zoned:
        odd = ", ".join(sorted(priced ^ zoned))
        raise InvalidTariff(f"These zones lack either an area or a price: {odd}.")
    for zone, breaks in spec.breaks:
        weights = [step.up_to_g for step in breaks]
        if weights != sorted(set(weights)) or weights[0] <= 0:
            raise InvalidTariff(f"The weights of zone {zone} do not ascend.")


def _fingerprint(spec: CardSpec) -> str:
    text = json.dumps(asdict(spec), default=str, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _remove(card: RateCard) -> None:
    if card.quotes.exists():
        raise RateCardInUse(f"Prices were quoted from the tariff of {card.valid_from}.")
    card.delete()


def _make_room(service: ServiceLevel, valid_from: date) -> date | None:
    """End the card before this day; returns where the one after begins."""
    cards = RateCard.objects.filter(service=service)
    after = cards.filter(valid_from__gt=valid_from).order_by("valid_from").first()
    still_valid = Q(valid_to__isnull=True) | Q(valid_to__gt=valid_from)
    cards.filter(still_valid, valid_from__lt=valid_from).update(valid_to=valid_from)
    return after.valid_from if after else None


def _fill(card: RateCard, spec: CardSpec) -> None:
    RateZone.objects.bulk_create(
        RateZone(
            card=card,
            origin_country=row.origin_country,
            country=row.country,
            postal_prefix=row.postal_prefix,
            zone=row.value,
        )
        for row in spec.zones
    )
    RateBreak.objects.bulk_create(
        RateBreak(
            card=card,
            zone=zone,
            up_to_weight_g=step.up_to_g,
            price_amount=step.amount,
            per_kg_amount=step.per_kg,
        )
        for zone, breaks in spec.breaks
        for step in breaks
    )
