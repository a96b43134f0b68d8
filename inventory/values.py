"""Frozen values of stock."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Want:
    """Units of one stock level asked for by one demand (an order line's id)."""

    stock_level_id: int
    quantity: int
    demand_id: int


@dataclass(frozen=True)
class Reserved:
    reservation_id: int
    stock_level_id: int
    demand_id: int
    quantity: int


@dataclass(frozen=True)
class Spend:
    """Units of one reservation to be given back or shipped."""

    reservation_id: int
    quantity: int


@dataclass(frozen=True)
class SellableStock:
    """A product at one site; `stock_level_id` is None where no site has ever had it."""

    product_id: int
    sku: str
    stock_level_id: int | None
    site_id: int | None
    available: int


@dataclass(frozen=True)
class NewStock:
    """Units to be booked at a site; negative quantities are losses."""

    sku: str
    site_code: str
    quantity: int
