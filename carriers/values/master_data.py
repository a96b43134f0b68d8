"""Carriers, services and tariffs as plain values, the way they are put into the database."""

from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal

from carriers.values.rating import AreaRow, Break

ZERO = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class CardSpec:
    """One version of a tariff. `zones` say which area is which zone, `breaks` what a zone costs."""

    valid_from: date
    currency: str
    zones: tuple[AreaRow[str], ...]
    breaks: tuple[tuple[str, tuple[Break, ...]], ...]
    dim_divisor: int = 0
    minimum: Decimal = ZERO
    fuel_percent: Decimal = ZERO


@dataclass(frozen=True, kw_only=True)
class ServiceSpec:
    code: str
    name: str
    tier: str
    transit: tuple[AreaRow[int], ...]
    card: CardSpec
    max_weight_g: int = 0
    max_length_mm: int = 0
    max_length_plus_girth_mm: int = 0
    cutoff: time | None = None


@dataclass(frozen=True, kw_only=True)
class CarrierSpec:
    code: str
    name: str
    adapter: str
    services: tuple[ServiceSpec, ...]
    calls_per_second: Decimal = Decimal(10)
    burst: int = 20
