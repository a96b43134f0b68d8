"""A small world built by calling actions: sites, products, stock, a channel, carriers, orders."""

import itertools
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from carriers import actions as carriers_actions
from carriers.values import AreaRow, Break
from carriers.values.master_data import CardSpec, CarrierSpec, ServiceSpec
from inventory import actions as inventory_actions
from inventory.models import Reservation, StockLevel
from inventory.values import NewStock
from oms.core import relay
from oms.core.actors import SYSTEM
from orders import actions as orders_actions
from orders.models import Channel, Order
from orders.values import NewAddress, NewCustomer, NewLine, NewOrder

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # a Monday morning
HOME = NewAddress(
    name="Ann Example", line1="1 High St", city="London", postal_code="SW1A 1AA", country="GB"
)
_serial = itertools.count(1)


def make_site(code: str = "LON", **fields: Any) -> Any:
    defaults = {
        "name": code,
        "country": "GB",
        "postal_code": "E1 6AN",
        "timezone": "Europe/London",
        "weekdays": range(7),
    }
    return inventory_actions.put_site(code=code, **{**defaults, **fields})


def make_products(*skus: str, weight_g: int = 200, price: str = "10.00") -> dict[str, int]:
    return inventory_actions.put_products(
        products=[
            {
                "sku": sku,
                "name": f"Product {sku}",
                "list_price_amount": Decimal(price),
                "weight_g": weight_g,
            }
            for sku in skus
        ]
    )


def receive(sku: str, quantity: int, site: str = "LON", at: datetime = NOW) -> StockLevel:
    return inventory_actions.receive_stock(
        items=[NewStock(sku, site, quantity)],
        effect_key=f"test-{next(_serial)}",
        actor=SYSTEM,
        at=at,
    )[0]


def make_channel(code: str = "web", **fields: Any) -> Channel:
    return orders_actions.put_channel(
        code=code, **{"name": code.title(), "currency": "GBP", **fields}
    )


def new_order(*lines: tuple[str, int], **fields: Any) -> NewOrder:
    number = next(_serial)
    defaults = {
        "external_ref": f"REF-{number}",
        "currency": "GBP",
        "lines": tuple(NewLine(sku=sku, quantity=quantity) for sku, quantity in lines),
        "ship_to": HOME,
        "customer": NewCustomer(external_ref=f"C-{number}", name="Ann Example"),
    }
    return NewOrder(**{**defaults, **fields})


def place(channel: Channel, *lines: tuple[str, int], at: datetime = NOW, **fields: Any) -> Order:
    placed = orders_actions.place_order(
        channel_id=channel.pk, order=new_order(*lines, **fields), actor=SYSTEM, at=at
    )
    return Order.objects.get(pk=placed.order_id)


def quantities(order: Order, column: str) -> list[int]:
    return list(order.lines.order_by("position").values_list(f"quantity_{column}", flat=True))


def open_reservations(sku: str) -> int:
    rows = Reservation.objects.filter(stock_level__product__sku=sku)
    return sum(row.quantity_open for row in rows)


def event_types(order: Order) -> list[str]:
    return list(
        relay.EventRecord.objects.filter(aggregate_type="order", aggregate_id=order.pk)
        .order_by("seq")
        .values_list("type", flat=True)
    )


def deliver_events(at: datetime = NOW) -> int:
    return relay.deliver_due(at=at)


def skus(count: int) -> Sequence[str]:
    return [f"SKU-{number}" for number in range(count)]


def make_carrier() -> None:
    """A simulated carrier with an economy, a standard and an express service within the UK and to Ireland."""
    everywhere = (AreaRow("GB", "", 2), AreaRow("IE", "", 4))
    zones = (AreaRow("GB", "", "uk"), AreaRow("IE", "", "ie"))
    breaks = (
        ("uk", (Break(1000, Decimal("3.50")), Break(30_000, Decimal("6.50")))),
        ("ie", (Break(1000, Decimal("8.00")), Break(30_000, Decimal("14.00")))),
    )
    card = CardSpec(valid_from=date(2020, 1, 1), currency="GBP", zones=zones, breaks=breaks)
    services = tuple(
        ServiceSpec(code=tier, name=tier.title(), tier=tier, transit=everywhere, card=card)
        for tier in ("economy", "standard", "express")
    )
    carriers_actions.put_carrier(
        spec=CarrierSpec(code="northbird", name="Northbird", adapter="simulated", services=services)
    )
