"""Many buyers, few units."""

import random
import threading
from collections import Counter
from collections.abc import Callable

import pytest
from django.db import connection, connections
from django.utils import timezone

from inventory import locks as inventory_locks
from inventory.models import Reservation, StockLevel
from inventory.values import Reserved
from oms.core.actors import SYSTEM
from orders import actions as orders_actions
from orders.models import OrderLine
from tests.factories import world

pytestmark = pytest.mark.django_db(transaction=True)

UNITS, ORDERS, THREADS = 100, 5_000, 64


def run_threads(count: int, work: Callable[[int], None]) -> Counter[str]:
    """Run `work(number)` in threads; returns the errors by class name."""
    errors: Counter[str] = Counter()

    def guarded(number: int) -> None:
        try:
            work(number)
        except Exception as exc:  # noqa: BLE001 - the test counts them
            errors[f"{type(exc).__name__}: {exc}"[:120]] += 1
        finally:
            connections.close_all()

    threads = [threading.Thread(target=guarded, args=[number]) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


def deadlocks() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
        )
        return int(cursor.fetchone()[0])


@pytest.fixture
def shop(carrier):
    world.make_site("LON")
    world.make_products("HOT")
    world.receive("HOT", UNITS)
    return world.make_channel()


def buy(channel, orders: int) -> Counter[str]:
    def buyer(number: int) -> None:
        for _ in range(orders // THREADS + (number < orders % THREADS)):
            order = world.new_order(("HOT", 1))
            orders_actions.place_order(
                channel_id=channel.pk, order=order, actor=SYSTEM, at=timezone.now()
            )

    return run_threads(THREADS, buyer)


def test_a_hundred_units_are_reserved_exactly_once_each(shop):
    before = deadlocks()
    errors = buy(shop, ORDERS)
    assert not errors
    level = StockLevel.objects.get()
    lines = OrderLine.objects.all()
    assert level.reserved == UNITS
    assert lines.count() == ORDERS
    assert sum(line.quantity_allocated for line in lines) == UNITS
    assert sum(line.quantity_backordered for line in lines) == ORDERS - UNITS
    assert Reservation.objects.count() == UNITS
    assert deadlocks() == before


def test_the_same_race_without_the_lock_oversells(shop, monkeypatch):
    """The control: were it green, the test above would prove nothing."""

    def read_then_write(wants, *, demand_type, actor, at):
        (want,) = wants
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT on_hand - reserved FROM inventory_stocklevel WHERE id = %s",
                [want.stock_level_id],
            )
            free = cursor.fetchone()[0]
            if free < want.quantity:
                return None
            cursor.execute("SELECT pg_sleep(0.002)")
            cursor.execute(
                "UPDATE inventory_stocklevel SET reserved = reserved + %s WHERE id = %s",
                [want.quantity, want.stock_level_id],
            )
        made = Reservation.objects.create(
            stock_level_id=want.stock_level_id,
            demand_type=demand_type,
            demand_id=want.demand_id,
            quantity=want.quantity,
            created_at=at,
        )
        return [Reserved(made.pk, want.stock_level_id, want.demand_id, want.quantity)]

    monkeypatch.setattr(inventory_locks, "reserve_all", read_then_write)
    errors = buy(shop, 640)
    # Either more units are promised than there are, or the database's last wall refuses the order.
    assert errors or Reservation.objects.count() > UNITS


def test_orders_over_the_same_products_in_opposite_order_never_deadlock(carrier):
    world.make_site("LON")
    skus = world.skus(10)
    world.make_products(*skus)
    for sku in skus:
        world.receive(sku, 400)
    channel = world.make_channel()
    before = deadlocks()

    def buyer(number: int) -> None:
        rng = random.Random(number)
        for _ in range(25):
            chosen = rng.sample(skus, 5)
            order = world.new_order(*((sku, 1) for sku in chosen))
            placed = orders_actions.place_order(
                channel_id=channel.pk, order=order, actor=SYSTEM, at=timezone.now()
            )
            if rng.random() < 0.3:
                orders_actions.cancel_order(
                    order_id=placed.order_id, reason="changed", actor=SYSTEM, at=timezone.now()
                )

    errors = run_threads(32, buyer)
    assert not errors
    assert deadlocks() == before
    held = sum(level.reserved for level in StockLevel.objects.all())
    assert held == sum(line.quantity_allocated for line in OrderLine.objects.all())
