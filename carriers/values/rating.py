"""Tariffs as plain values, and what a rate is made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from functools import cached_property
from typing import Generic, TypeVar

T = TypeVar("T")
ZERO = Decimal(0)


@dataclass(frozen=True)
class Place:
    """A destination or origin as a tariff sees it; `country` is ISO 3166-1 alpha-2."""

    country: str
    postal_code: str = ""


@dataclass(frozen=True)
class Measures:
    """Weight and outer size of one parcel; sizes of 0 are unknown."""

    weight_g: int
    length_mm: int = 0
    width_mm: int = 0
    height_mm: int = 0

    @property
    def longest_mm(self) -> int:
        return max(self.length_mm, self.width_mm, self.height_mm)

    @property
    def length_plus_girth_mm(self) -> int:
        """The longest side plus twice the sum of the other two."""
        return 2 * (self.length_mm + self.width_mm + self.height_mm) - self.longest_mm


@dataclass(frozen=True)
class AreaRow(Generic[T]):
    """Something that holds from an origin country to postcodes of a country.

    An empty origin means every origin, an empty country every other country, an empty prefix the
    rest of the country.
    """

    country: str
    postal_prefix: str
    value: T
    origin_country: str = ""


@dataclass(frozen=True)
class Areas(Generic[T]):
    """Area rows by (origin country, country), then by postal prefix."""

    by_lane: Mapping[tuple[str, str], Mapping[str, T]] = field(default_factory=dict)


@dataclass(frozen=True)
class Break:
    """Price of parcels up to a weight.

    `per_kg` is added for every begun kilogram above the break before it.
    """

    up_to_g: int
    amount: Decimal
    per_kg: Decimal = ZERO


@dataclass(frozen=True)
class Card:
    """One version of a service's tariff, valid from `valid_from` until the day before `valid_to`.

    `steps` per zone are (up to billable grams, total price): the breaks with minimum and fuel
    worked in, so that pricing by weight is one look-up.
    """

    id: int
    service_id: int
    currency: str
    valid_from: date
    valid_to: date | None
    zones: Areas[str]
    breaks: Mapping[str, tuple[Break, ...]]
    dim_divisor: int = 0  # cubic centimetres per kilogram; 0: size does not count
    minimum: Decimal = ZERO
    fuel_percent: Decimal = ZERO
    steps: Mapping[str, tuple[tuple[int, Decimal], ...]] = field(default_factory=dict)

    def is_valid_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True)
class Service:
    """What a carrier sells. Limits of 0 do not limit; `transit` is business days from pickup."""

    id: int
    carrier_id: int
    carrier_code: str
    carrier_name: str
    code: str
    name: str
    tier: str
    transit: Areas[int]
    max_weight_g: int = 0
    max_length_mm: int = 0
    max_length_plus_girth_mm: int = 0
    cutoff: time | None = None  # local time of the origin, for pickup on the same day

    @property
    def label(self) -> str:
        return f"{self.carrier_code}/{self.code}"


@dataclass(frozen=True)
class RateTable:
    """Every active service with its cards: all that pricing needs, loaded once."""

    services: tuple[Service, ...] = ()
    cards: tuple[Card, ...] = ()

    @cached_property
    def by_id(self) -> dict[int, Service]:
        return {service.id: service for service in self.services}

    @cached_property
    def cards_by_service(self) -> dict[int, tuple[Card, ...]]:
        grouped: dict[int, tuple[Card, ...]] = {}
        for card in self.cards:
            grouped[card.service_id] = (*grouped.get(card.service_id, ()), card)
        return grouped


@dataclass(frozen=True)
class Lane:
    """A service from an origin to a destination.

    `steps` are (up to billable grams, total price), ascending; what is heavier than the last step
    cannot be sent.
    """

    service: Service
    card_id: int
    zone: str
    currency: str
    transit_days: int
    dim_divisor: int
    steps: tuple[tuple[int, Decimal], ...]


@dataclass(frozen=True)
class Charge:
    """One line of a price, rounded as the carrier's bill rounds it."""

    kind: str
    amount: Decimal


@dataclass(frozen=True)
class Rate:
    """The price of one parcel, broken into its charges."""

    card_id: int
    zone: str
    currency: str
    billable_g: int
    charges: tuple[Charge, ...]
    total: Decimal
