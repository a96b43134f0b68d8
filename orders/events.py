"""What happens to an order. Storefronts hear all of it through webhooks."""

from dataclasses import dataclass

from oms.core.events import Event


@dataclass(frozen=True, kw_only=True)
class OrderPlaced(Event, name="order.placed", aggregate="order", key="order_id", public=True):
    """The order is stored; nothing has been promised yet."""

    order_id: int
    channel_id: int
    number: str
    external_ref: str
    total_amount: str
    currency: str
    line_count: int


@dataclass(frozen=True, kw_only=True)
class OrderHeld(Event, name="order.held", aggregate="order", key="order_id", public=True):
    order_id: int
    channel_id: int
    hold_type: str
    line_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class OrderHoldReleased(
    Event, name="order.hold_released", aggregate="order", key="order_id", public=True
):
    order_id: int
    channel_id: int
    hold_type: str


@dataclass(frozen=True, kw_only=True)
class OrderConfirmed(Event, name="order.confirmed", aggregate="order", key="order_id", public=True):
    order_id: int
    channel_id: int


@dataclass(frozen=True, kw_only=True)
class OrderSourced(Event, name="order.sourced", aggregate="order", key="order_id", public=True):
    """Sites were chosen and stock was reserved; what could not be reserved is backordered."""

    order_id: int
    channel_id: int
    quantity_allocated: int
    quantity_backordered: int
    promised_ship_at: str | None
    promised_delivery_date: str | None


@dataclass(frozen=True, kw_only=True)
class OrderReleased(Event, name="order.released", aggregate="order", key="order_id", public=True):
    """Reserved units were handed to their sites; said again when backordered units follow later."""

    order_id: int
    channel_id: int


@dataclass(frozen=True, kw_only=True)
class OrderShortPicked(Event, name="order.short_picked", aggregate="order", key="order_id"):
    """A site could not find reserved units; they are sourced again."""

    order_id: int
    channel_id: int
    line_id: int
    quantity: int


@dataclass(frozen=True, kw_only=True)
class CancellationRequested(
    Event, name="order.cancellation_requested", aggregate="order", key="order_id", public=True
):
    """Work has begun on the order; the sites stop it and put back what was picked."""

    order_id: int
    channel_id: int


@dataclass(frozen=True, kw_only=True)
class OrderCancelled(Event, name="order.cancelled", aggregate="order", key="order_id", public=True):
    order_id: int
    channel_id: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class OrderShipped(Event, name="order.shipped", aggregate="order", key="order_id", public=True):
    """One shipment of the order left its site."""

    order_id: int
    channel_id: int
    shipment_number: str
    quantity: int


@dataclass(frozen=True, kw_only=True)
class OrderDelivered(Event, name="order.delivered", aggregate="order", key="order_id", public=True):
    """One shipment of the order reached the customer."""

    order_id: int
    channel_id: int
    shipment_number: str
    quantity: int


@dataclass(frozen=True, kw_only=True)
class OrderCompleted(Event, name="order.completed", aggregate="order", key="order_id", public=True):
    """Every unit has been delivered or cancelled."""

    order_id: int
    channel_id: int


@dataclass(frozen=True, kw_only=True)
class OrderImported(Event, name="order.imported", aggregate="order", key="order_id"):
    """An order of the past was taken over from a file; nothing follows from it."""

    order_id: int
    channel_id: int
    job_id: int
