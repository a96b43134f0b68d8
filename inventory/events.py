"""What happens to stock."""

from dataclasses import dataclass

from oms.core.events import Event


@dataclass(frozen=True, kw_only=True)
class StockIncreased(
    Event, name="stock.increased", aggregate="stock_level", key="stock_level_id", public=True
):
    """More units are free at a site: backorders may be filled."""

    stock_level_id: int
    product_id: int
    site_id: int
    quantity: int


@dataclass(frozen=True, kw_only=True)
class StockWrittenDown(
    Event, name="stock.written_down", aggregate="stock_level", key="stock_level_id", public=True
):
    """Units were found to be missing or damaged."""

    stock_level_id: int
    product_id: int
    site_id: int
    quantity: int
    reason: str
