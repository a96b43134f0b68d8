"""From the staging tables to orders, some thousand invoices a transaction."""

from datetime import datetime

from django.db import connection, transaction

from inventory import actions as inventory_actions
from oms.core.actors import Actor
from oms.core.jobs import JobRun
from orders.events import OrderImported
from orders.models import Channel
from orders.rules.import_presets import Preset

CHUNK_LINES = 25_000
CHUNK_INVOICES = 5_000

# The most frequent description of the code; of equally frequent ones the first in the file.
MISSING_PRODUCTS = """
SELECT DISTINCT ON (named.sku) named.sku, named.name
  FROM (SELECT r.sku, r.name, count(*) AS uses, min(r.row_no) AS first_row
          FROM orders_importrow r
          JOIN orders_importinvoice i ON i.job_id = r.job_id AND i.invoice_no = r.invoice_no
         WHERE r.job_id = %(job_id)s AND i.outcome = 'PENDING'
         GROUP BY r.sku, r.name) AS named
 WHERE NOT EXISTS (SELECT FROM inventory_product p WHERE p.sku = named.sku)
 ORDER BY named.sku, (named.name = ''), named.uses DESC, named.first_row
"""

CHUNK_END = """
SELECT max(invoice_no), count(*) FROM (
  SELECT invoice_no, sum(line_count) OVER (ORDER BY invoice_no) - line_count AS lines_before
    FROM (SELECT invoice_no, line_count FROM orders_importinvoice
           WHERE job_id = %(job_id)s AND invoice_no > %(after)s
           ORDER BY invoice_no LIMIT %(invoices)s) AS next) AS counted
 WHERE lines_before < %(lines)s
"""

KNOWN = """
UPDATE orders_importinvoice i
   SET order_id = o.id,
       outcome = CASE WHEN o.content_sha256 = i.content_sha256 THEN 'SKIPPED' ELSE 'REJECTED' END,
       problem_field = CASE WHEN o.content_sha256 = i.content_sha256 THEN '' ELSE 'invoice' END,
       problem = CASE WHEN o.content_sha256 = i.content_sha256 THEN ''
                      ELSE 'this reference is another order of the channel (' || o.number || ')' END
  FROM orders_order o
 WHERE i.job_id = %(job_id)s AND i.invoice_no > %(after)s AND i.invoice_no <= %(upto)s
   AND i.outcome = 'PENDING' AND o.channel_id = %(channel_id)s AND o.external_ref = i.external_ref
"""

CUSTOMERS = """
INSERT INTO orders_customer (channel_id, external_ref, name, email, phone, country)
SELECT DISTINCT ON (customer_ref) %(channel_id)s, customer_ref, '', '', '', country
  FROM orders_importinvoice
 WHERE job_id = %(job_id)s AND invoice_no > %(after)s AND invoice_no <= %(upto)s
   AND outcome = 'PENDING' AND customer_ref <> ''
 ORDER BY customer_ref, invoice_no
ON CONFLICT (channel_id, external_ref) DO NOTHING
"""

# Every order gets its id first, so that orders, lines and history are three plain inserts.
NUMBER = """
UPDATE orders_importinvoice
   SET order_id = nextval(pg_get_serial_sequence('orders_order', 'id')), outcome = 'IMPORTED'
 WHERE job_id = %(job_id)s AND invoice_no > %(after)s AND invoice_no <= %(upto)s
   AND outcome = 'PENDING'
"""

ORDERS = """
INSERT INTO orders_order (id, channel_id, external_ref, content_sha256, kind, origin, customer_id,
       status, payment_status, priority, service_code, currency, items_amount, shipping_amount,
       tax_amount, discount_amount, total_amount, line_count, ship_country,
       placed_at, confirmed_at, released_at, completed_at)
SELECT i.order_id, %(channel_id)s, i.external_ref, i.content_sha256, i.kind, 'IMPORT', c.id,
       'COMPLETED', 'PAID', %(priority)s, %(service_code)s, %(currency)s, i.total_amount, 0,
       0, 0, i.total_amount, i.line_count, i.country,
       i.placed_at, i.placed_at, i.placed_at, i.placed_at
  FROM orders_importinvoice i
  LEFT JOIN orders_customer c
    ON c.channel_id = %(channel_id)s AND c.external_ref = i.customer_ref AND i.customer_ref <> ''
 WHERE i.job_id = %(job_id)s AND i.invoice_no > %(after)s AND i.invoice_no <= %(upto)s
   AND i.outcome = 'IMPORTED'
 ORDER BY i.invoice_no
"""

# Goods of a sale have arrived; goods of a credit never leave, so its lines have nothing open either.
LINES = """
INSERT INTO orders_orderline (order_id, position, product_id, quantity_ordered, quantity_shipped,
       quantity_delivered, quantity_cancelled, unit_price_amount, discount_amount, tax_amount,
       total_amount)
SELECT i.order_id, r.position, p.id, abs(r.quantity),
       CASE i.kind WHEN 'SALE' THEN r.quantity ELSE 0 END,
       CASE i.kind WHEN 'SALE' THEN r.quantity ELSE 0 END,
       CASE i.kind WHEN 'SALE' THEN 0 ELSE abs(r.quantity) END,
       r.unit_price_amount, 0, 0, r.total_amount
  FROM orders_importinvoice i
  JOIN orders_importrow r ON r.job_id = i.job_id AND r.invoice_no = i.invoice_no
  JOIN inventory_product p ON p.sku = r.sku
 WHERE i.job_id = %(job_id)s AND i.invoice_no > %(after)s AND i.invoice_no <= %(upto)s
   AND r.invoice_no > %(after)s AND r.invoice_no <= %(upto)s AND r.job_id = %(job_id)s
   AND i.outcome = 'IMPORTED'
 ORDER BY i.invoice_no, r.position
"""

# Born delivered: nothing subscribes to the past.
HISTORY = """
INSERT INTO core_event (aggregate_type, aggregate_id, seq, type, payload, channel_id, actor_kind,
       actor_id, request_id, at, delivered_at)
SELECT %(aggregate)s, i.order_id, 1, %(event)s,
       jsonb_build_object('order_id', i.order_id, 'channel_id', %(channel_id)s::bigint,
                          'job_id', %(job_id)s::bigint),
       %(channel_id)s, %(actor_kind)s, %(actor_id)s, '', %(at)s, %(at)s
  FROM orders_importinvoice i
 WHERE i.job_id = %(job_id)s AND i.invoice_no > %(after)s AND i.invoice_no <= %(upto)s
   AND i.outcome = 'IMPORTED'
 ORDER BY i.invoice_no
"""


def create_missing_products(run: JobRun, preset: Preset) -> None:
    """Create products for codes that are not known yet; known ones stay as they are."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(MISSING_PRODUCTS, {"job_id": run.job.pk})
            missing = cursor.fetchall()
        if missing:
            inventory_actions.put_products(
                products=[
                    {"sku": sku, "name": name or sku, "is_stocked": not preset.is_service(sku)}
                    for sku, name in missing
                ]
            )


def load_next_chunk(run: JobRun, channel: Channel, *, actor: Actor, at: datetime) -> bool:
    """Take over the next invoices with the job's progress, in one transaction; False at the end."""
    job_id, after = run.job.pk, int(run.state["after"])
    with transaction.atomic(), connection.cursor() as cursor:
        size = {"invoices": CHUNK_INVOICES, "lines": CHUNK_LINES}
        cursor.execute(CHUNK_END, {"job_id": job_id, "after": after, **size})
        upto, _ = cursor.fetchone()
        if upto is None:
            return False
        values = {
            "job_id": job_id,
            "after": after,
            "upto": upto,
            "channel_id": channel.pk,
            "priority": channel.default_priority,
            "service_code": channel.service_code,
            "currency": channel.currency,
            "aggregate": OrderImported.aggregate,
            "event": OrderImported.name,
            "actor_kind": actor.kind.value,
            "actor_id": actor.id,
            "at": at,
        }
        for statement in (KNOWN, CUSTOMERS, NUMBER, ORDERS, LINES, HISTORY):
            cursor.execute(statement, values)
        run.checkpoint(done=upto, after=upto)
    return True
