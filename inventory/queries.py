"""Finished answers about products, sites and stock."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time

from django.db import connection

from inventory.models import Reservation, Site, SiteClosure, SiteHours, StockLevel


@dataclass(frozen=True)
class SiteInfo:
    """A site with its calendar: weekday (0 = Monday) -> (opens, closes, cut-off), local times."""

    id: int
    code: str
    kind: str
    timezone: str
    country: str
    postal_code: str
    priority: int
    processing_minutes: int
    hours: dict[int, tuple[time, time, time]]
    closures: frozenset[date]


def list_shipping_sites() -> list[SiteInfo]:
    """Active sites that ship orders, with their calendars, in three queries."""
    hours: dict[int, dict[int, tuple[time, time, time]]] = {}
    for row in SiteHours.objects.all():
        hours.setdefault(row.site_id, {})[row.weekday] = (row.opens_at, row.closes_at, row.cutoff_at)
    closures: dict[int, set[date]] = {}
    for closure in SiteClosure.objects.all():
        closures.setdefault(closure.site_id, set()).add(closure.date)
    return [
        SiteInfo(
            id=site.pk,
            code=site.code,
            kind=site.kind,
            timezone=site.timezone,
            country=site.country,
            postal_code=site.postal_code,
            priority=site.priority,
            processing_minutes=site.processing_minutes,
            hours=hours.get(site.pk, {}),
            closures=frozenset(closures.get(site.pk, ())),
        )
        for site in Site.objects.filter(is_active=True, ships_orders=True).order_by("pk")
    ]


def list_stock_levels(product_ids: Iterable[int], site_ids: Iterable[int]) -> list[StockLevel]:
    return list(
        StockLevel.objects.filter(
            product_id__in=list(product_ids), site_id__in=list(site_ids)
        ).order_by("pk")
    )


def list_open_reservations(demand_type: str, demand_ids: Sequence[int]) -> list[Reservation]:
    """Reservations of these demands that still hold units, with their stock level."""
    return list(
        Reservation.objects.select_related("stock_level")
        .filter(demand_type=demand_type, demand_id__in=list(demand_ids))
        .extra(where=["quantity > quantity_consumed + quantity_released"])
        .order_by("pk")
    )


@dataclass(frozen=True)
class Availability:
    sku: str
    site_code: str
    on_hand: int
    reserved: int

    @property
    def available(self) -> int:
        return self.on_hand - self.reserved


def list_availability(skus: Sequence[str]) -> list[Availability]:
    """Balances per SKU and active site, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT p.sku, s.code, l.on_hand, l.reserved
              FROM inventory_product p
              JOIN inventory_stocklevel l ON l.product_id = p.id
              JOIN inventory_site s ON s.id = l.site_id AND s.is_active
             WHERE p.sku = ANY(%s) ORDER BY p.sku, s.code
            """,
            [list(skus)],
        )
        return [Availability(*row) for row in cursor.fetchall()]
