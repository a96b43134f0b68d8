"""What rate shopping is asked and what it answers."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from carriers.values.contract import Quote
from carriers.values.rating import Charge, Measures, Place, Service


@dataclass(frozen=True, kw_only=True)
class ShopRequest:
    """The parcels of one shipment and when they are ready.

    `ready_at` is aware and in the origin's own zone: its local date and time decide the pickup.
    Empty `tiers` or `carriers` allow every one. `live` are quotes fetched beforehand; for a service
    that has a rate card the card counts.
    """

    origin: Place
    destination: Place
    parcels: tuple[Measures, ...]
    currency: str
    ready_at: datetime
    promise_date: date | None = None
    tiers: tuple[str, ...] = ()
    carriers: tuple[str, ...] = ()
    holidays: frozenset[date] = frozenset()
    live: tuple[Quote, ...] = ()


@dataclass(frozen=True)
class ShopPolicy:
    """Cheapest that meets the promise, else fastest."""

    version: str = "rate_shopping/1"


@dataclass(frozen=True)
class Offer:
    """A service that was considered.

    `rejected` names the constraint that removed it and is empty for the choice itself.
    """

    service: Service
    currency: str
    total: Decimal | None = None
    charges: tuple[Charge, ...] = ()
    card_id: int | None = None
    zone: str = ""
    billable_g: int = 0
    pickup_date: date | None = None
    transit_days: int | None = None
    delivery_date: date | None = None
    meets_promise: bool = False
    rejected: str = ""


@dataclass(frozen=True)
class ShopResult:
    """The choice first, then the eligible offers in order, then those that were refused."""

    chosen: Offer | None
    offers: tuple[Offer, ...]
    policy: str
    summary: str
    request: ShopRequest = field(repr=False)
