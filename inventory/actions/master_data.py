"""Products and sites as plain values; putting the same value twice changes nothing."""

from collections.abc import Mapping, Sequence
from datetime import time
from decimal import Decimal
from typing import Any

from django.db import transaction

from inventory.models import Product, Site, SiteHours

PRODUCT_FIELDS = (
    "name",
    "list_price_amount",
    "weight_g",
    "length_mm",
    "width_mm",
    "height_mm",
    "is_stocked",
    "is_active",
)


@transaction.atomic
def put_products(*, products: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Create or update products by SKU, in one statement; returns their ids."""
    rows = [Product(**values) for values in products]
    Product.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["sku"],
        update_fields=list(PRODUCT_FIELDS),
        batch_size=1000,
    )
    found = Product.objects.filter(sku__in=[row.sku for row in rows])
    return dict(found.values_list("sku", "pk"))


@transaction.atomic
def put_product(
    *, sku: str, name: str, price: Decimal | None = None, weight_g: int = 0, is_stocked: bool = True
) -> int:
    """Create or update one product; returns its id."""
    values = {
        "sku": sku,
        "name": name,
        "list_price_amount": price,
        "weight_g": weight_g,
        "is_stocked": is_stocked,
    }
    return put_products(products=[values])[sku]


@transaction.atomic
def put_site(
    *,
    code: str,
    weekdays: Sequence[int] = (0, 1, 2, 3, 4),
    opens: time = time(8),
    closes: time = time(18),
    cutoff: time = time(16),
    **fields: Any,
) -> Site:
    """Create or update a site that works the same hours on the given weekdays."""
    site, _ = Site.objects.update_or_create(code=code, defaults=fields)
    SiteHours.objects.filter(site=site).delete()
    SiteHours.objects.bulk_create(
        SiteHours(site=site, weekday=day, opens_at=opens, closes_at=closes, cutoff_at=cutoff)
        for day in weekdays
    )
    return site
