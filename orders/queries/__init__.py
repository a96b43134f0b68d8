"""Finished answers about orders."""

from orders.queries.capture import CaptureContext, ProductRow, StockRow, read_capture_context
from orders.queries.config import OrderConfig, get_config, get_current_config
from orders.queries.documents import get_document
from orders.queries.imports import iter_import_problems, summarize_import
from orders.queries.lanes import lane_to
from orders.queries.orders import (
    channel_of,
    get_order_by_number,
    list_due_for_release,
    list_due_for_sourcing,
    list_orders,
    require_hold_of,
    visible_orders,
)
from orders.queries.promises import preview_promise
from orders.queries.sourcing import read_sourcing_sites

__all__ = [
    "CaptureContext",
    "OrderConfig",
    "ProductRow",
    "StockRow",
    "channel_of",
    "get_config",
    "get_current_config",
    "get_document",
    "get_order_by_number",
    "iter_import_problems",
    "lane_to",
    "list_due_for_release",
    "list_due_for_sourcing",
    "list_orders",
    "preview_promise",
    "read_capture_context",
    "read_sourcing_sites",
    "summarize_import",
    "require_hold_of",
    "visible_orders",
]
