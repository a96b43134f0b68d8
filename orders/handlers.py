"""What orders do when something below them happened."""

from datetime import datetime

from inventory.events import StockIncreased
from oms.core.relay import handles
from orders import actions


@handles(StockIncreased)
def fill_backorders(event: StockIncreased, *, at: datetime) -> None:
    actions.queue_backorders(product_ids=[event.product_id], at=at)
