"""Frozen values that orders hand around: what a caller asks for, and what rules see."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from functools import cached_property

ZERO = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class NewAddress:
    name: str
    line1: str
    city: str
    country: str
    company: str = ""
    line2: str = ""
    region: str = ""
    postal_code: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, kw_only=True)
class NewCustomer:
    external_ref: str
    name: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, kw_only=True)
class NewLine:
    """One line as ordered; without a price, the product's list price is taken."""

    sku: str
    quantity: int
    unit_price: Decimal | None = None
    discount: Decimal = ZERO
    tax: Decimal = ZERO


@dataclass(frozen=True, kw_only=True)
class NewOrder:
    """An order as a channel sends it."""

    external_ref: str
    currency: str
    lines: tuple[NewLine, ...]
    ship_to: NewAddress
    customer: NewCustomer | None = None
    shipping: Decimal = ZERO
    discount: Decimal = ZERO
    expected_total: Decimal | None = None
    payment_status: str = "UNPAID"
    priority: int | None = None
    service_code: str = ""


@dataclass(frozen=True)
class Totals:
    """Amounts of an order; `lines` are the line totals after discount, without tax."""

    lines: tuple[Decimal, ...]
    items: Decimal
    tax: Decimal
    discount: Decimal
    shipping: Decimal
    total: Decimal


@dataclass(frozen=True)
class SiteCalendar:
    """Working time of a site in its own zone: weekday (0 = Monday) -> (opens, closes, cut-off)."""

    timezone: str
    hours: Mapping[int, tuple[time, time, time]]
    closures: frozenset[date] = frozenset()
    processing_minutes: int = 0


@dataclass(frozen=True)
class Lane:
    """What it takes to bring goods from one site to one destination at one service level.

    `steps` are (up to weight in g, cost of the parcel), ascending; what is heavier than the last step
    goes in several parcels. `transit_days` are business days from the carrier's pickup.
    """

    service_code: str
    transit_days: int
    steps: tuple[tuple[int, Decimal], ...]

    @cached_property
    def frozen_tariff(self) -> str:
        """The tariff as decisions keep it: `up to g:cost` steps."""
        return " ".join(f"{up_to}:{cost}" for up_to, cost in self.steps)


@dataclass(frozen=True)
class SourcingLine:
    line: int
    product_id: int
    quantity: int
    weight_g: int


@dataclass(frozen=True)
class SourcingSite:
    """A site as the sourcing rule sees it; without a lane it cannot reach the destination."""

    site_id: int
    code: str
    priority: int
    lane: Lane | None
    available: Mapping[int, int] = field(default_factory=dict)  # product id -> free units
    refused: str = ""  # a constraint known beforehand, such as "closed" or "not for this channel"


@dataclass(frozen=True)
class SourcingPolicy:
    version: str = "sourcing/1"
    allow_split: bool = True
    max_sites: int = 3
    split_penalty: Decimal = ZERO
    sites_considered: int = 8


@dataclass(frozen=True)
class Assignment:
    """Units of one line from one site."""

    line: int
    site_id: int
    quantity: int


@dataclass(frozen=True)
class SourcingCandidate:
    """A set of sites that was considered. `rejected` names the constraint that removed it."""

    sites: tuple[str, ...]
    covered: int
    shipping_cost: Decimal | None
    split_penalty: Decimal
    total_cost: Decimal | None
    rejected: str = ""


@dataclass(frozen=True)
class SourcingPlan:
    assignments: tuple[Assignment, ...]
    backordered: Mapping[int, int]  # line -> units
    candidates: tuple[SourcingCandidate, ...]
    summary: str

    @property
    def quantity_assigned(self) -> int:
        return sum(assignment.quantity for assignment in self.assignments)


@dataclass(frozen=True)
class Promise:
    """When a site hands over and when the customer receives."""

    ship_at: datetime
    delivery_date: date


@dataclass(frozen=True)
class CheckedOrder:
    """What the verification rules look at."""

    total: Decimal
    currency: str
    payment_status: str
    address: NewAddress
    similar_orders: tuple[str, ...] = ()


@dataclass(frozen=True)
class CheckPolicy:
    version: str = "verification/1"
    amount_limit: Decimal | None = None
    requires_payment: bool = False


@dataclass(frozen=True)
class HoldWanted:
    hold_type: str
    reason: str
