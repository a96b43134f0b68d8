"""May an order be handed to its sites, and how much of it?"""

from orders.states import BackorderPolicy


def must_wait_for_stock(backorder_policy: str, quantity_missing: int) -> bool:
    """Orders of a WAIT channel leave as a whole; SHIP_AVAILABLE sends what is there."""
    return quantity_missing > 0 and backorder_policy == BackorderPolicy.WAIT
