"""What an order would be promised if it came now; nothing is reserved."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from orders.errors import OrderInvalid, UnknownChannel
from orders.queries.config import get_current_config
from orders.queries.sourcing import read_sourcing_sites
from orders.rules.promise import latest_promise
from orders.rules.sourcing import choose_sites
from orders.values import SourcingLine
from oms.core.errors import FieldError

_STOCK = """
SELECT p.sku, p.id, p.weight_g, p.is_stocked, l.site_id, l.on_hand - l.reserved
  FROM inventory_product p LEFT JOIN inventory_stocklevel l ON l.product_id = p.id
 WHERE p.sku = ANY(%s) AND p.is_active
"""


def preview_promise(
    *,
    channel_id: int,
    lines: Sequence[tuple[str, int]],
    country: str,
    postal_code: str,
    service_code: str = "",
    at: datetime,
) -> dict[str, Any]:
    """Sites, dates and missing units for (SKU, quantity) lines to a destination.

    Raises:
        UnknownChannel: there is no such channel.
        OrderInvalid: a SKU is unknown.
    """
    config = get_current_config()
    channel = config.channels.get(channel_id)
    if channel is None:
        raise UnknownChannel(f"There is no channel {channel_id}.")
    products, available = _read([sku for sku, _ in lines])
    wanted = _wanted(lines, products)
    sites = read_sourcing_sites(
        config,
        channel,
        country=country,
        postal_code=postal_code,
        service_code=service_code or channel.service_code,
        on=at.date(),
        available=available,
    )
    plan = choose_sites(wanted, sites, channel.sourcing)
    codes = {site.site_id: site.code for site in sites}
    used = {assignment.site_id for assignment in plan.assignments}
    promised = latest_promise(config.calendars, sites, used, at)
    return {
        "lines": [
            {
                "sku": sku,
                "quantity": quantity,
                "quantity_available": quantity - plan.backordered.get(index, 0),
                "sites": [
                    {"site": codes[a.site_id], "quantity": a.quantity}
                    for a in plan.assignments
                    if a.line == index
                ],
            }
            for index, (sku, quantity) in enumerate(lines)
        ],
        "ship_at": promised.ship_at if promised else None,
        "delivery_date": promised.delivery_date if promised else None,
    }


def _read(
    skus: Sequence[str],
) -> tuple[dict[str, tuple[int, int, bool]], dict[int, dict[int, int]]]:
    products: dict[str, tuple[int, int, bool]] = {}
    available: dict[int, dict[int, int]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(_STOCK, [list(skus)])
        for sku, product_id, weight_g, is_stocked, site_id, free in cursor.fetchall():
            products[sku] = (product_id, weight_g, is_stocked)
            if site_id is not None:
                available[site_id][product_id] = free
    return products, available


def _wanted(
    lines: Sequence[tuple[str, int]], products: dict[str, tuple[int, int, bool]]
) -> list[SourcingLine]:
    unknown = [
        FieldError(f"/lines/{index}/sku", "unknown_sku", f"There is no product {sku}.")
        for index, (sku, _) in enumerate(lines)
        if sku not in products
    ]
    if unknown:
        raise OrderInvalid(errors=unknown)
    return [
        SourcingLine(index, products[sku][0], quantity, products[sku][1])
        for index, (sku, quantity) in enumerate(lines)
        if products[sku][2]
    ]
