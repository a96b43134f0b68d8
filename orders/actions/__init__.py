"""Everything that can happen to an order."""

from orders.actions.cancelling import cancel_order, finish_cancellation
from orders.actions.holding import place_hold, release_hold
from orders.actions.importing import claim_import, run_import, start_import
from orders.actions.master_data import put_channel
from orders.actions.placing import place_order
from orders.actions.releasing import (
    advance_due_order,
    confirm_order,
    release_order,
    take_off_release_queue,
)
from orders.actions.sourcing import queue_backorders, source_order
from orders.actions.working import (
    mark_lines_in_work,
    record_delivered,
    record_shipped,
    record_short_pick,
    take_out_of_work,
)

__all__ = [
    "advance_due_order",
    "cancel_order",
    "claim_import",
    "confirm_order",
    "finish_cancellation",
    "mark_lines_in_work",
    "place_hold",
    "place_order",
    "put_channel",
    "queue_backorders",
    "record_delivered",
    "record_shipped",
    "record_short_pick",
    "release_hold",
    "release_order",
    "run_import",
    "source_order",
    "start_import",
    "take_off_release_queue",
    "take_out_of_work",
]
