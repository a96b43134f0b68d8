"""Row locks of orders and the statements that write many of their rows at once."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from oms.core.prepared import Prepared
from orders.errors import UnknownOrder
from orders.models import Order, OrderLine
from orders.values import NewAddress, NewLine, Totals


def lock_order(order_id: int) -> Order:
    """Lock one order and read it afterwards.

    Raises:
        UnknownOrder: there is none with this id.
    """
    order = (
        Order.objects.select_for_update(of=("self",), no_key=True).filter(pk=order_id).first()
    )
    if order is None:
        raise UnknownOrder(f"There is no order {order_id}.")
    return order


def lock_lines(order_id: int) -> list[OrderLine]:
    """The lines of a locked order in id order, with their products."""
    return list(
        OrderLine.objects.select_for_update(of=("self",), no_key=True)
        .select_related("product")
        .filter(order_id=order_id)
        .order_by("pk")
    )


@dataclass(frozen=True, kw_only=True)
class OrderRow:
    """A new order with everything that its rows need."""

    order_id: int
    channel_id: int
    external_ref: str
    content_sha256: bytes
    customer_id: int | None
    status: str
    payment_status: str
    priority: int
    service_code: str
    currency: str
    totals: Totals
    placed_at: datetime
    confirmed_at: datetime | None
    promised_ship_at: datetime | None
    promised_delivery_date: Any
    source_due_at: datetime | None
    release_due_at: datetime | None
    ship_to: NewAddress
    line_ids: Sequence[int]
    lines: Sequence[NewLine]
    product_ids: Sequence[int]
    prices: Sequence[Decimal]
    allocated: Sequence[int]


_INSERT_TYPES = {
    "order_id": "bigint",
    "channel_id": "bigint",
    "external_ref": "text",
    "content": "bytea",
    "customer_id": "bigint",
    "status": "text",
    "payment_status": "text",
    "priority": "smallint",
    "service_code": "text",
    "currency": "text",
    "items": "numeric",
    "shipping": "numeric",
    "tax": "numeric",
    "discount": "numeric",
    "total": "numeric",
    "line_count": "int",
    "country": "text",
    "placed_at": "timestamptz",
    "confirmed_at": "timestamptz",
    "promised_ship_at": "timestamptz",
    "promised_delivery_date": "date",
    "source_due_at": "timestamptz",
    "release_due_at": "timestamptz",
    "name": "text",
    "company": "text",
    "line1": "text",
    "line2": "text",
    "city": "text",
    "region": "text",
    "postal_code": "text",
    "phone": "text",
    "email": "text",
    "line_ids": "bigint[]",
    "product_ids": "bigint[]",
    "ordered": "int[]",
    "allocated": "int[]",
    "prices": "numeric[]",
    "discounts": "numeric[]",
    "taxes": "numeric[]",
    "line_totals": "numeric[]",
}
_INSERT = Prepared(
    "orders_insert_order",
    tuple(_INSERT_TYPES.values()),
    """
WITH placed AS (
    INSERT INTO orders_order (id, channel_id, external_ref, content_sha256, kind, origin, customer_id,
           status, payment_status, priority, service_code, currency, items_amount, shipping_amount,
           tax_amount, discount_amount, total_amount, line_count, ship_country, placed_at,
           confirmed_at, promised_ship_at, promised_delivery_date, source_due_at, release_due_at)
    VALUES ($1, $2, $3, $4, 'SALE', 'CAPTURE',
           $5, $6, $7, $8, $9,
           $10, $11, $12, $13, $14, $15, $16,
           $17, $18, $19, $20,
           $21, $22, $23)
), addressed AS (
    INSERT INTO orders_orderaddress (order_id, kind, name, company, line1, line2, city, region,
           postal_code, country, phone, email)
    VALUES ($1, 'SHIP', $24, $25, $26, $27, $28, $29,
           $30, $17, $31, $32)
)
INSERT INTO orders_orderline (id, order_id, position, product_id, quantity_ordered,
       quantity_allocated, unit_price_amount, discount_amount, tax_amount, total_amount)
SELECT l.id, $1, l.position, l.product_id, l.ordered, l.allocated, l.price, l.discount,
       l.tax, l.total
  FROM unnest($33, $34, $35,
              $36, $37, $38,
              $39, $40) WITH ORDINALITY
       AS l(id, product_id, ordered, allocated, price, discount, tax, total, position)
""",
)


def insert_order(row: OrderRow) -> None:
    """Write an order, its address and its lines in one statement."""
    totals, address = row.totals, row.ship_to
    values = {
        "order_id": row.order_id,
        "channel_id": row.channel_id,
        "external_ref": row.external_ref,
        "content": row.content_sha256,
        "customer_id": row.customer_id,
        "status": row.status,
        "payment_status": row.payment_status,
        "priority": row.priority,
        "service_code": row.service_code,
        "currency": row.currency,
        "items": totals.items,
        "shipping": totals.shipping,
        "tax": totals.tax,
        "discount": totals.discount,
        "total": totals.total,
        "line_count": len(row.lines),
        "placed_at": row.placed_at,
        "confirmed_at": row.confirmed_at,
        "promised_ship_at": row.promised_ship_at,
        "promised_delivery_date": row.promised_delivery_date,
        "source_due_at": row.source_due_at,
        "release_due_at": row.release_due_at,
        "name": address.name,
        "company": address.company,
        "line1": address.line1,
        "line2": address.line2,
        "city": address.city,
        "region": address.region,
        "postal_code": address.postal_code,
        "country": address.country,
        "phone": address.phone,
        "email": address.email,
        "line_ids": list(row.line_ids),
        "product_ids": list(row.product_ids),
        "ordered": [line.quantity for line in row.lines],
        "allocated": list(row.allocated),
        "prices": list(row.prices),
        "discounts": [line.discount for line in row.lines],
        "taxes": [line.tax for line in row.lines],
        "line_totals": list(totals.lines),
    }
    with connection.cursor() as cursor:
        _INSERT.execute(cursor, [values[name] for name in _INSERT_TYPES])


def upsert_customer(
    *, channel_id: int, external_ref: str, name: str, email: str, phone: str, country: str
) -> int:
    """The customer with this reference, with the newest contact data."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO orders_customer (channel_id, external_ref, name, email, phone, country)"
            " VALUES (%s, %s, %s, %s, %s, %s)"
            " ON CONFLICT (channel_id, external_ref) DO UPDATE SET name = excluded.name,"
            " email = excluded.email, phone = excluded.phone, country = excluded.country"
            " RETURNING id",
            [channel_id, external_ref, name, email, phone, country],
        )
        return int(cursor.fetchone()[0])


def add_to_lines(order_id: int, changes: dict[int, dict[str, int]]) -> int:
    """Add signed amounts to quantity columns of an order's lines: {line id: {column: amount}}.

    The table's constraints judge the result. Returns how many lines were changed.
    """
    columns = sorted({column for change in changes.values() for column in change})
    assert columns, "nothing to change"
    assert all(column.startswith("quantity_") and column.isidentifier() for column in columns)
    sets = ", ".join(f"{c} = l.{c} + coalesce((c.change->>'{c}')::int, 0)" for c in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE orders_orderline l SET {sets}"  # noqa: S608 - column names are checked above
            " FROM unnest(%s::bigint[], %s::jsonb[]) AS c(id, change)"
            " WHERE l.id = c.id AND l.order_id = %s",
            [list(changes), [json.dumps(change) for change in changes.values()], order_id],
        )
        return cursor.rowcount
