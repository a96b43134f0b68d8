"""Orders as the API shows them, each in one statement, whatever their number of lines."""

from decimal import Decimal
from typing import Any

from django.db import connection

from oms.core.money import format_amount
from oms.core.prepared import Prepared

_DOCUMENT = Prepared(
    "orders_document",
    ("bigint",),
    """
SELECT json_build_object(
         'number', o.number, 'channel', c.code, 'external_ref', o.external_ref, 'kind', o.kind,
         'status', o.status, 'payment_status', o.payment_status, 'priority', o.priority,
         'service_code', o.service_code, 'placed_at', o.placed_at,
         'confirmed_at', o.confirmed_at, 'released_at', o.released_at,
         'completed_at', o.completed_at, 'cancelled_at', o.cancelled_at,
         'cancel_requested_at', o.cancel_requested_at, 'cancel_reason', o.cancel_reason,
         'promised_ship_at', o.promised_ship_at,
         'promised_delivery_date', o.promised_delivery_date, 'currency', o.currency),
       o.items_amount, o.shipping_amount, o.tax_amount, o.discount_amount, o.total_amount,
       (SELECT json_agg(json_build_object(
                 'position', l.position, 'sku', p.sku, 'name', p.name,
                 'quantity_ordered', l.quantity_ordered,
                 'quantity_allocated', l.quantity_allocated,
                 'quantity_backordered', l.quantity_backordered,
                 'quantity_in_work', l.quantity_in_work,
                 'quantity_shipped', l.quantity_shipped,
                 'quantity_delivered', l.quantity_delivered,
                 'quantity_cancelled', l.quantity_cancelled,
                 'quantity_returned', l.quantity_returned,
                 'unit_price', l.unit_price_amount::text, 'total', l.total_amount::text,
                 'sites', (SELECT coalesce(json_agg(json_build_object('site', s.code, 'quantity',
                             r.quantity - r.quantity_consumed - r.quantity_released) ORDER BY r.id),
                             '[]'::json)
                             FROM inventory_reservation r
                             JOIN inventory_stocklevel v ON v.id = r.stock_level_id
                             JOIN inventory_site s ON s.id = v.site_id
                            WHERE r.demand_id = l.id AND r.demand_type = 'order_line'
                              AND r.quantity > r.quantity_consumed + r.quantity_released)
                 ) ORDER BY l.position)
          FROM orders_orderline l JOIN inventory_product p ON p.id = l.product_id
         WHERE l.order_id = o.id),
       (SELECT coalesce(json_agg(json_build_object(
                 'id', h.id, 'hold_type', t.code, 'reason', h.reason, 'line', hl.position,
                 'placed_at', h.placed_at, 'released_at', h.released_at) ORDER BY h.id), '[]'::json)
          FROM orders_orderhold h JOIN orders_holdtype t ON t.id = h.hold_type_id
          LEFT JOIN orders_orderline hl ON hl.id = h.line_id
         WHERE h.order_id = o.id)
  FROM orders_order o JOIN orders_channel c ON c.id = o.channel_id
 WHERE o.id = $1
""",
)


def get_document(order_id: int) -> dict[str, Any]:
    """One order with its lines, where they are reserved, and its holds; no personal data."""
    with connection.cursor() as cursor:
        _DOCUMENT.execute(cursor, [order_id])
        head, items, shipping, tax, discount, total, lines, holds = cursor.fetchone()
    currency = head.pop("currency")

    def money(amount: Any) -> dict[str, str]:
        return {"amount": format_amount(amount, currency), "currency": currency}

    for line in lines:
        line["unit_price"] = money(Decimal(line["unit_price"]))
        line["total"] = money(Decimal(line["total"]))
    return {
        **head,
        "allocation": allocation_of(lines),
        "items_total": money(items),
        "shipping": money(shipping),
        "tax": money(tax),
        "discount": money(discount),
        "total": money(total),
        "lines": lines,
        "holds": holds,
    }


def allocation_of(lines: list[dict[str, Any]]) -> str:
    """NONE, PARTIAL or FULL: how many of the open units have a reservation or are under way."""
    wanted = sum(line["quantity_ordered"] - line["quantity_cancelled"] for line in lines)
    got = sum(line["quantity_allocated"] + line["quantity_shipped"] for line in lines)
    if got == 0:
        return "NONE"
    return "FULL" if got >= wanted else "PARTIAL"
