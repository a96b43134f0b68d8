"""The floor of the capture benchmark: the same rows as one capture, written by hand with psycopg2.

Plain statements in the order in which one would write them, on its own connection, no Django, no decision:
what this database and this driver can do at most for these rows, one order a transaction.
"""

import json
import random
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import psycopg2

ADDRESS = ("Ann Example", "", "1 High Street", "", "London", "", "SW1A 1AA", "GB", "", "")


def writer(
    dsn: dict[str, Any], channel_id: int, skus: list[str], decision: str, lines: int = 3
) -> Callable[[], None]:
    """A function that writes one order over a connection of its own."""
    connection = psycopg2.connect(**dsn)
    rng = random.Random(uuid.uuid4().int)

    def write() -> None:
        with connection.cursor() as cursor:
            _write(cursor, channel_id, sorted(rng.sample(skus, lines) if lines < len(skus) else skus), decision)
        connection.commit()

    return write


def _write(cursor: Any, channel_id: int, skus: list[str], decision: str) -> None:
    at = datetime.now(UTC)
    cursor.execute(
        "SELECT p.id, p.list_price_amount, l.id FROM inventory_product p"
        " JOIN inventory_stocklevel l ON l.product_id = p.id WHERE p.sku = ANY(%s)",
        [skus],
    )
    found = {row[0]: row for row in cursor.fetchall()}
    rows = sorted(found.values(), key=lambda row: row[2])
    total = sum(row[1] for row in rows)
    cursor.execute(
        "INSERT INTO orders_customer (channel_id, external_ref, name, email, phone, country)"
        " VALUES (%s, %s, 'Ann', '', '', 'GB') RETURNING id",
        [channel_id, uuid.uuid4().hex],
    )
    customer_id = cursor.fetchone()[0]
    cursor.execute(
        "INSERT INTO orders_order (channel_id, external_ref, content_sha256, kind, origin,"
        " customer_id, status, payment_status, priority, service_code, currency, items_amount,"
        " shipping_amount, tax_amount, discount_amount, total_amount, line_count, ship_country,"
        " placed_at, confirmed_at, promised_ship_at, promised_delivery_date, release_due_at)"
        " VALUES (%s, %s, %s, 'SALE', 'CAPTURE', %s, 'CONFIRMED', 'PAID', 50, 'standard', 'GBP',"
        " %s, 0, 0, 0, %s, %s, 'GB', %s, %s, %s, %s, %s) RETURNING id",
        [channel_id, uuid.uuid4().hex, b"0" * 32, customer_id, total, total, len(rows),
         at, at, at, at.date(), at],
    )  # fmt: skip
    order_id = cursor.fetchone()[0]
    cursor.execute(
        "INSERT INTO orders_orderaddress (order_id, kind, name, company, line1, line2, city,"
        " region, postal_code, country, phone, email)"
        " VALUES (%s, 'SHIP', %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [order_id, *ADDRESS],
    )
    line_ids = _many(
        cursor,
        "INSERT INTO orders_orderline (order_id, position, product_id, quantity_ordered,"
        " quantity_allocated, unit_price_amount, total_amount) VALUES ",
        [(order_id, n, row[0], 1, 1, row[1], row[1]) for n, row in enumerate(rows, 1)],
    )
    _events(cursor, order_id, channel_id, at)
    _decisions(cursor, order_id, decision, at)
    _reserve(cursor, rows, line_ids, at)


def _events(cursor: Any, order_id: int, channel_id: int, at: datetime) -> None:
    payload = json.dumps({"order_id": order_id, "channel_id": channel_id})
    names = ("order.placed", "order.confirmed", "order.sourced")
    _many(
        cursor,
        "INSERT INTO core_event (aggregate_type, aggregate_id, seq, type, payload, channel_id,"
        " actor_kind, request_id, at) VALUES ",
        [
            ("order", order_id, seq, name, payload, channel_id, "system", "", at)
            for seq, name in enumerate(names, 1)
        ],
    )


def _decisions(cursor: Any, order_id: int, decision: str, at: datetime) -> None:
    _many(
        cursor,
        "INSERT INTO core_decision (kind, subject_type, subject_id, policy, inputs, choice,"
        " candidates, summary, actor_kind, at) VALUES ",
        [
            (kind, "order", order_id, f"{kind}/1", body, "{}", "[]", "chosen", "system", at)
            for kind, body in (("verification", "{}"), ("sourcing", decision), ("promise", "{}"))
        ],
    )


def _reserve(cursor: Any, rows: list[Any], line_ids: list[int], at: datetime) -> None:
    balances = []
    for row in rows:
        cursor.execute(
            "UPDATE inventory_stocklevel SET reserved = reserved + 1, ledger_seq = ledger_seq + 1"
            " WHERE id = %s AND on_hand - reserved >= 1 RETURNING id, on_hand, reserved, ledger_seq",
            [row[2]],
        )
        balances.append(cursor.fetchone())
    reservations = _many(
        cursor,
        "INSERT INTO inventory_reservation (stock_level_id, demand_type, demand_id, quantity,"
        " created_at) VALUES ",
        [
            (balance[0], "order_line", line_id, 1, at)
            for balance, line_id in zip(balances, line_ids, strict=True)
        ],
    )
    _many(
        cursor,
        "INSERT INTO inventory_stockmovement (stock_level_id, seq, kind, on_hand_delta,"
        " reserved_delta, on_hand_after, reserved_after, reference_type, reference_id, effect_key,"
        " actor_kind, at) VALUES ",
        [
            (b[0], b[3], "RESERVATION", 0, 1, b[1], b[2], "reservation", r, f"reserve:{r}", "system", at)
            for b, r in zip(balances, reservations, strict=True)
        ],
    )


def _many(cursor: Any, head: str, rows: list[tuple[Any, ...]]) -> list[int]:
    mark = "(" + ", ".join(["%s"] * len(rows[0])) + ")"
    values = [value for row in rows for value in row]
    cursor.execute(f"{head}{', '.join([mark] * len(rows))} RETURNING id", values)
    return [row[0] for row in cursor.fetchall()]
