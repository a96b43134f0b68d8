"""Everything that can happen to stock."""

from inventory.actions.booking import adjust_stock, receive_stock, write_down_short_pick
from inventory.actions.master_data import put_product, put_products, put_site
from inventory.actions.reserving import (
    consume_reservations,
    lock_levels_for,
    release_reservations,
    reserve_all,
)

__all__ = [
    "adjust_stock",
    "consume_reservations",
    "lock_levels_for",
    "put_product",
    "put_products",
    "put_site",
    "receive_stock",
    "release_reservations",
    "reserve_all",
    "write_down_short_pick",
]
