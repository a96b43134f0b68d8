"""Everything that capture must know, in one round trip."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import connection

from oms.core.prepared import Prepared

LONGEST_DUPLICATE_WINDOW = timedelta(days=14)

_CONTEXT = Prepared(
    "orders_capture_context",
    ("int", "bigint", "text", "text", "timestamptz", "text[]"),
    """
SELECT nextval('orders_order_id_seq'),
       ARRAY(SELECT nextval('orders_orderline_id_seq') FROM generate_series(1, $1)),
       coalesce((SELECT max(version) FROM core_config_version), 0),
       (SELECT json_build_array(o.id, encode(o.content_sha256, 'hex')) FROM orders_order o
         WHERE o.channel_id = $2 AND o.external_ref = $3),
       (SELECT c.id FROM orders_customer c
         WHERE c.channel_id = $2 AND c.external_ref = $4),
       (SELECT json_agg(json_build_array(o.number, o.total_amount::text, o.placed_at))
          FROM orders_customer c
          JOIN orders_order o ON o.customer_id = c.id AND o.placed_at > $5
                             AND o.status <> 'CANCELLED'
         WHERE c.channel_id = $2 AND c.external_ref = $4),
       (SELECT json_agg(json_build_array(p.sku, p.id, p.is_active, p.is_stocked, p.weight_g,
                        p.list_price_amount::text, l.id, l.site_id, l.on_hand - l.reserved))
          FROM inventory_product p
          LEFT JOIN inventory_stocklevel l ON l.product_id = p.id
         WHERE p.sku = ANY($6))
""",
)


@dataclass(frozen=True)
class StockRow:
    level_id: int
    site_id: int
    available: int


@dataclass(frozen=True)
class ProductRow:
    id: int
    sku: str
    is_active: bool
    is_stocked: bool
    weight_g: int
    list_price: Decimal | None
    stock: tuple[StockRow, ...]


@dataclass(frozen=True)
class CaptureContext:
    """Ids for the new rows, the configuration version, and what is known of the SKUs and the customer.

    Free units are read without a lock: they are good enough to plan with, never to promise on.
    """

    order_id: int
    line_ids: tuple[int, ...]
    config_version: int
    taken_by: tuple[int, str | None] | None  # (order id, hex of its content) with the same reference
    customer_id: int | None
    recent: tuple[tuple[str, Decimal, datetime], ...]  # the customer's orders: number, total, placed
    products: Mapping[str, ProductRow]


def read_capture_context(
    *,
    channel_id: int,
    external_ref: str,
    customer_ref: str | None,
    skus: Sequence[str],
    lines: int,
    at: datetime,
) -> CaptureContext:
    with connection.cursor() as cursor:
        since = at - LONGEST_DUPLICATE_WINDOW
        params = [lines, channel_id, external_ref, customer_ref, since, list(skus)]
        _CONTEXT.execute(cursor, params)
        order_id, line_ids, version, taken, customer_id, recent, stock = cursor.fetchone()
    return CaptureContext(
        order_id=order_id,
        line_ids=tuple(line_ids),
        config_version=version,
        taken_by=tuple(taken) if taken else None,
        customer_id=customer_id,
        recent=tuple(
            (number, Decimal(total), datetime.fromisoformat(placed))
            for number, total, placed in recent or ()
        ),
        products=_products(stock or ()),
    )


def _products(rows: Sequence[Sequence[object]]) -> dict[str, ProductRow]:
    heads: dict[str, Sequence[object]] = {}
    stock: dict[str, list[StockRow]] = {}
    for row in rows:
        sku = str(row[0])
        heads.setdefault(sku, row)
        if row[6] is not None:
            stock.setdefault(sku, []).append(StockRow(*row[6:9]))  # type: ignore[arg-type]
    return {
        sku: ProductRow(
            id=row[1],  # type: ignore[arg-type]
            sku=sku,
            is_active=bool(row[2]),
            is_stocked=bool(row[3]),
            weight_g=row[4],  # type: ignore[arg-type]
            list_price=None if row[5] is None else Decimal(str(row[5])),
            stock=tuple(stock.get(sku, ())),
        )
        for sku, row in heads.items()
    }
