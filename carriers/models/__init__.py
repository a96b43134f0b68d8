"""Rows of the carrier world."""

from carriers.models.catalogue import Carrier, CarrierAccount, RateBucket, ServiceLevel, TransitTime
from carriers.models.labels import CarrierManifest, Label, LabelDocument, LabelParties
from carriers.models.tariffs import RateBreak, RateCard, RateQuote, RateZone
from carriers.models.tracking import Tracking, TrackingEvent

__all__ = [
    "Carrier",
    "CarrierAccount",
    "CarrierManifest",
    "Label",
    "LabelDocument",
    "LabelParties",
    "RateBreak",
    "RateBucket",
    "RateCard",
    "RateQuote",
    "RateZone",
    "ServiceLevel",
    "Tracking",
    "TrackingEvent",
    "TransitTime",
]
