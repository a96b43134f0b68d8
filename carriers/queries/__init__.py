"""Finished answers about prices, labels and parcels on their way."""

from carriers.queries.labels import (
    get_label,
    get_label_document,
    get_live_label,
    list_labels_for_references,
    list_stuck_labels,
)
from carriers.queries.rates import (
    get_cheapest_lane,
    get_current_rate_table,
    get_lane_price,
    get_rate_table,
    list_lanes,
)
from carriers.queries.tracking import (
    count_trackings_by_status,
    get_tracking,
    list_tracking_events,
    list_tracking_for_references,
)

__all__ = [
    "count_trackings_by_status",
    "get_cheapest_lane",
    "get_current_rate_table",
    "get_label",
    "get_label_document",
    "get_lane_price",
    "get_live_label",
    "get_rate_table",
    "get_tracking",
    "list_labels_for_references",
    "list_lanes",
    "list_stuck_labels",
    "list_tracking_events",
    "list_tracking_for_references",
]
