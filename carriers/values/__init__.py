"""Frozen values of carriers: tariffs, parcels, and what an adapter takes and gives."""

from carriers.values.contract import (
    BoughtLabel,
    Document,
    LabelOrder,
    ManifestOrder,
    ManifestReceipt,
    Party,
    Quote,
    ScanEvent,
    TrackReport,
)
from carriers.values.master_data import CardSpec, CarrierSpec, ServiceSpec
from carriers.values.rating import (
    AreaRow,
    Areas,
    Break,
    Card,
    Charge,
    Lane,
    Measures,
    Place,
    Rate,
    RateTable,
    Service,
)
from carriers.values.shopping import Offer, ShopPolicy, ShopRequest, ShopResult
from carriers.values.tracking import Observed, PollPolicy, TrackingState
from carriers.values.work import AccountInfo, EffectClaim, PollClaim, Tokens

__all__ = [
    "AccountInfo",
    "AreaRow",
    "Areas",
    "BoughtLabel",
    "Break",
    "Card",
    "CardSpec",
    "CarrierSpec",
    "Charge",
    "Document",
    "EffectClaim",
    "LabelOrder",
    "Lane",
    "ManifestOrder",
    "ManifestReceipt",
    "Measures",
    "Observed",
    "Offer",
    "Party",
    "Place",
    "PollClaim",
    "PollPolicy",
    "Quote",
    "Rate",
    "RateTable",
    "ScanEvent",
    "Service",
    "ServiceSpec",
    "ShopPolicy",
    "ShopRequest",
    "ShopResult",
    "Tokens",
    "TrackReport",
    "TrackingState",
]
