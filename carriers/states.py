"""Kinds and states of the carrier world."""

from django.db import models


class ServiceTier(models.TextChoices):
    """What a shop sells; every carrier's service belongs to one."""

    ECONOMY = "economy"
    STANDARD = "standard"
    EXPRESS = "express"
    SAME_DAY = "same_day"


class DocumentFormat(models.TextChoices):
    PDF = "PDF"
    ZPL = "ZPL"


class DocumentKind(models.TextChoices):
    LABEL = "LABEL"
    MANIFEST = "MANIFEST"


class LabelStatus(models.TextChoices):
    """UNKNOWN: it may have been sold, the answer was lost. FAILED: it certainly was not sold."""

    INTENDED = "INTENDED"
    UNKNOWN = "UNKNOWN"
    BOUGHT = "BOUGHT"
    VOIDED = "VOIDED"
    FAILED = "FAILED"


LABEL_TRANSITIONS: dict[str, frozenset[str]] = {
    LabelStatus.INTENDED: frozenset(
        {LabelStatus.BOUGHT, LabelStatus.UNKNOWN, LabelStatus.FAILED, LabelStatus.VOIDED}
    ),
    LabelStatus.UNKNOWN: frozenset({LabelStatus.BOUGHT, LabelStatus.FAILED}),
    LabelStatus.BOUGHT: frozenset({LabelStatus.VOIDED}),
    LabelStatus.FAILED: frozenset({LabelStatus.INTENDED}),
    LabelStatus.VOIDED: frozenset(),
}
LIVE_LABELS = (LabelStatus.INTENDED, LabelStatus.UNKNOWN, LabelStatus.BOUGHT)
UNBOUGHT_LABELS = (LabelStatus.INTENDED, LabelStatus.UNKNOWN)


class ManifestStatus(models.TextChoices):
    INTENDED = "INTENDED"
    UNKNOWN = "UNKNOWN"
    CLOSED = "CLOSED"
    FAILED = "FAILED"


MANIFEST_TRANSITIONS: dict[str, frozenset[str]] = {
    ManifestStatus.INTENDED: frozenset(
        {ManifestStatus.CLOSED, ManifestStatus.UNKNOWN, ManifestStatus.FAILED}
    ),
    ManifestStatus.UNKNOWN: frozenset({ManifestStatus.CLOSED, ManifestStatus.FAILED}),
    ManifestStatus.FAILED: frozenset({ManifestStatus.INTENDED}),
    ManifestStatus.CLOSED: frozenset(),
}
OPEN_MANIFESTS = (ManifestStatus.INTENDED, ManifestStatus.UNKNOWN)


class TrackingStatus(models.TextChoices):
    """Where a parcel is. Not a state machine: it is computed from the set of events."""

    PENDING = "PENDING"
    PICKED_UP = "PICKED_UP"
    IN_TRANSIT = "IN_TRANSIT"
    DELAYED = "DELAYED"
    ON_HOLD = "ON_HOLD"
    READY_FOR_PICKUP = "READY_FOR_PICKUP"
    OUT_FOR_DELIVERY = "OUT_FOR_DELIVERY"
    DELIVERY_FAILED = "DELIVERY_FAILED"
    DELIVERED = "DELIVERED"
    RETURNING = "RETURNING"
    RETURNED = "RETURNED"
    CANCELLED = "CANCELLED"
    UNKNOWN = "UNKNOWN"


CLOSED_TRACKINGS = (TrackingStatus.DELIVERED, TrackingStatus.RETURNED, TrackingStatus.CANCELLED)
EXCEPTION_STATUSES = (
    TrackingStatus.DELAYED,
    TrackingStatus.ON_HOLD,
    TrackingStatus.DELIVERY_FAILED,
    TrackingStatus.RETURNING,
    TrackingStatus.RETURNED,
)


class TrackingReason(models.TextChoices):
    """Why a parcel is not where it should be, in the families that a playbook needs."""

    NONE = "", ""
    CARRIER_DELAY = "carrier_delay"
    CARRIER_MISSORTED = "carrier_missorted"
    CARRIER_DAMAGED = "carrier_damaged"
    CARRIER_LOST = "carrier_lost"
    CONSIGNEE_ABSENT = "consignee_absent"
    CONSIGNEE_REFUSED = "consignee_refused"
    CONSIGNEE_NOT_COLLECTED = "consignee_not_collected"
    ADDRESS_INCORRECT = "address_incorrect"
    ADDRESS_NO_ACCESS = "address_no_access"
    CUSTOMS_HELD = "customs_held"
    CUSTOMS_PAPERS_MISSING = "customs_papers_missing"
    WEATHER = "weather"
    SHIPPER_CANCELLED = "shipper_cancelled"
    OTHER = "other"
