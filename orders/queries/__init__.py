"""Finished answers about orders."""

from orders.queries.capture import CaptureContext, ProductRow, StockRow, read_capture_context
from orders.queries.config import OrderConfig, get_config, get_current_config
from orders.queries.lanes import lane_to
from orders.queries.orders import (
    OrderDocument,
    get_order_by_number,
    get_order_document,
    list_due_for_release,
    list_due_for_sourcing,
    list_orders,
    order_amounts,
)
from orders.queries.sourcing import read_sourcing_sites

__all__ = [
    "CaptureContext",
    "OrderConfig",
    "OrderDocument",
    "ProductRow",
    "StockRow",
    "get_config",
    "get_current_config",
    "get_order_by_number",
    "get_order_document",
    "lane_to",
    "list_due_for_release",
    "list_due_for_sourcing",
    "list_orders",
    "order_amounts",
    "read_capture_context",
    "read_sourcing_sites",
]
