"""What happens to labels, manifests and parcels on their way.

`reference` is the name that whoever asked for the label gave it. None of these is public: the apps
above know the order and its channel and tell storefronts in their own words.
"""

from dataclasses import dataclass

from oms.core.events import Event


@dataclass(frozen=True, kw_only=True)
class LabelBought(Event, name="label.bought", aggregate="label", key="label_id"):
    """The packing station may print, the shipment has its tracking number and its cost."""

    label_id: int
    reference: str
    carrier: str
    service: str
    tracking_number: str
    cost_amount: str
    currency: str


@dataclass(frozen=True, kw_only=True)
class LabelFailed(Event, name="label.failed", aggregate="label", key="label_id"):
    """A person must look. With `outcome_unknown` the carrier may have sold it nevertheless."""

    label_id: int
    reference: str
    carrier: str
    code: str
    detail: str
    outcome_unknown: bool


@dataclass(frozen=True, kw_only=True)
class LabelVoided(Event, name="label.voided", aggregate="label", key="label_id"):
    """The label must not be used; its reference may get another one."""

    label_id: int
    reference: str
    carrier: str
    tracking_number: str


@dataclass(frozen=True, kw_only=True)
class LabelVoidFailed(Event, name="label.void_failed", aggregate="label", key="label_id"):
    """The carrier would not take the label back: it stays bought and will be billed."""

    label_id: int
    reference: str
    carrier: str
    code: str
    detail: str


@dataclass(frozen=True, kw_only=True)
class ManifestClosed(Event, name="manifest.closed", aggregate="manifest", key="manifest_id"):
    """The carrier knows what it will collect; `refused` maps references to the carrier's reason."""

    manifest_id: int
    reference: str
    carrier: str
    manifest_number: str
    label_count: int
    refused: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class ManifestFailed(Event, name="manifest.failed", aggregate="manifest", key="manifest_id"):
    manifest_id: int
    reference: str
    carrier: str
    code: str
    detail: str
    outcome_unknown: bool


@dataclass(frozen=True, kw_only=True)
class TrackingUpdated(Event, name="tracking.updated", aggregate="tracking", key="tracking_id"):
    """The parcel's status or expected day changed."""

    tracking_id: int
    label_id: int
    reference: str
    carrier: str
    tracking_number: str
    status: str
    previous_status: str
    reason: str
    last_event_at: str | None
    estimated_delivery_date: str | None


@dataclass(frozen=True, kw_only=True)
class ParcelDelivered(Event, name="parcel.delivered", aggregate="tracking", key="tracking_id"):
    """Said once per parcel, whatever else the carrier reports."""

    tracking_id: int
    label_id: int
    reference: str
    carrier: str
    tracking_number: str
    delivered_at: str


@dataclass(frozen=True, kw_only=True)
class DeliveryExceptionRaised(
    Event, name="delivery.exception", aggregate="tracking", key="tracking_id"
):
    """Trouble on the way, once per carrier event. `is_over`: it became known too late to act."""

    tracking_id: int
    label_id: int
    reference: str
    carrier: str
    tracking_number: str
    status: str
    reason: str
    occurred_at: str
    place: str
    is_over: bool
