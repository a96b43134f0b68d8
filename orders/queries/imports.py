"""What an import brought: added up from the orders in the database, not from the file."""

from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction

from orders.rules.import_presets import Preset

PROBLEMS = """
SELECT r.row_no, r.invoice, p.problem->>0, p.problem->>1
  FROM orders_importrow r
 CROSS JOIN LATERAL jsonb_array_elements(r.problems) WITH ORDINALITY AS p(problem, place)
 WHERE r.job_id = %(job_id)s AND r.problems IS NOT NULL
UNION ALL
SELECT r.row_no, r.invoice, i.problem_field, i.problem
  FROM orders_importinvoice i
  JOIN orders_importrow r ON r.job_id = i.job_id AND r.invoice_no = i.invoice_no
 WHERE i.job_id = %(job_id)s AND i.outcome = 'REJECTED' AND r.problems IS NULL
 ORDER BY 1
"""

COUNTS = """
SELECT json_build_object(
  'rows', (SELECT count(*) FROM orders_importrow WHERE job_id = %(job_id)s),
  'invoices', count(*),
  'imported', count(*) FILTER (WHERE outcome = 'IMPORTED'),
  'skipped', count(*) FILTER (WHERE outcome = 'SKIPPED'),
  'rejected', count(*) FILTER (WHERE outcome = 'REJECTED'),
  'rejected_rows', (
    SELECT count(*) FROM orders_importrow r
     WHERE r.job_id = %(job_id)s AND (r.invoice_no = 0 OR EXISTS (
       SELECT FROM orders_importinvoice x WHERE x.job_id = r.job_id
          AND x.invoice_no = r.invoice_no AND x.outcome = 'REJECTED'))))
  FROM orders_importinvoice WHERE job_id = %(job_id)s
"""

# Goods of a credit count backwards; a credit with a negative price is money only, its units stand as written.
LINES = """
CREATE TEMPORARY TABLE import_lines ON COMMIT DROP AS
SELECT o.id AS order_id, o.external_ref, o.customer_id, o.ship_country, o.kind,
       o.placed_at AT TIME ZONE %(timezone)s AS placed, l.product_id, l.total_amount AS amount,
       CASE WHEN o.kind = 'CREDIT' AND l.unit_price_amount >= 0
            THEN -l.quantity_ordered ELSE l.quantity_ordered END AS units,
       o.external_ref LIKE %(cancelled)s AS cancelled
  FROM orders_importinvoice i
  JOIN orders_order o ON o.id = i.order_id
  JOIN orders_orderline l ON l.order_id = o.id
 WHERE i.job_id = %(job_id)s AND i.outcome IN ('IMPORTED', 'SKIPPED')
"""

FIGURES = """
SELECT json_build_object(
  'orders', count(DISTINCT order_id),
  'lines', count(*),
  'stock_codes', count(DISTINCT product_id),
  'customers', count(DISTINCT customer_id),
  'countries', count(DISTINCT ship_country),
  'rows_without_customer', count(*) FILTER (WHERE customer_id IS NULL),
  'first', to_char(min(placed), 'YYYY-MM-DD HH24:MI:SS'),
  'last', to_char(max(placed), 'YYYY-MM-DD HH24:MI:SS'),
  'credits', count(DISTINCT order_id) FILTER (WHERE kind = 'CREDIT'),
  'cancelled_rows', count(*) FILTER (WHERE cancelled),
  'cancelled_invoices', count(DISTINCT order_id) FILTER (WHERE cancelled),
  'cancelled_value', trim_scale(coalesce(sum(amount) FILTER (WHERE cancelled), 0)),
  'quantity_sum', coalesce(sum(units), 0),
  'amount_sum', trim_scale(coalesce(sum(amount), 0)),
  'lines_per_invoice_mean', round(count(*)::numeric / greatest(count(DISTINCT order_id), 1), 4),
  'lines_per_invoice_max', (SELECT coalesce(max(n), 0) FROM
     (SELECT count(*) AS n FROM import_lines GROUP BY order_id) AS sizes),
  'amount_by_country_top5', (SELECT json_object_agg(ship_country, amount ORDER BY amount DESC) FROM
     (SELECT ship_country, trim_scale(sum(amount)) AS amount FROM import_lines
       GROUP BY ship_country ORDER BY 2 DESC LIMIT 5) AS top),
  'amount_by_month_net', (SELECT json_object_agg(month, amount ORDER BY month) FROM
     (SELECT to_char(placed, 'YYYY-MM') AS month, trim_scale(sum(amount)) AS amount
        FROM import_lines GROUP BY 1) AS months),
  'top5_skus_by_units_net', (SELECT json_object_agg(sku, units ORDER BY units DESC, sku) FROM
     (SELECT p.sku, sum(t.units) AS units FROM import_lines t
        JOIN inventory_product p ON p.id = t.product_id
       GROUP BY p.sku ORDER BY 2 DESC, 1 LIMIT 5) AS top))
  FROM import_lines
"""


def iter_import_problems(job_id: int) -> Iterator[tuple[int, str, str, str]]:
    """Row, invoice, field and reason of every refused row, by row."""
    with connection.cursor() as cursor:
        cursor.execute(PROBLEMS, {"job_id": job_id})
        while rows := cursor.fetchmany(5_000):
            yield from rows


def summarize_import(job_id: int, preset: Preset) -> dict[str, Any]:
    """Counts of an import that is loaded, and the figures of the orders that its file speaks of."""
    values = {
        "job_id": job_id,
        "timezone": preset.timezone,
        "cancelled": f"{preset.cancelled_prefix}%",
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(COUNTS, values)
        counts: dict[str, Any] = cursor.fetchone()[0]
        cursor.execute(LINES, values)
        cursor.execute(FIGURES)
        return {**counts, **cursor.fetchone()[0]}
