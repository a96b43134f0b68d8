"""What an adapter takes and gives: money in Decimal, instants aware in the carrier's zone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from carriers.values.rating import Charge, Measures


@dataclass(frozen=True, kw_only=True)
class Party:
    """A sender or recipient as printed on the label. Personal data."""

    name: str
    line1: str
    city: str
    country: str
    company: str = ""
    line2: str = ""
    region: str = ""
    postal_code: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True)
class Quote:
    """A price that the carrier answered just now."""

    service_id: int
    service_code: str
    amount: Decimal
    currency: str
    business_days: int | None = None
    charges: tuple[Charge, ...] = ()


@dataclass(frozen=True, kw_only=True)
class LabelOrder:
    """What is bought. `client_key` is ours, the same in every retry, and can be looked up."""

    client_key: str
    service_code: str
    sender: Party
    recipient: Party
    measures: Measures
    formats: tuple[str, ...] = ("PDF", "ZPL")


@dataclass(frozen=True)
class Document:
    """A printable document; `format` is PDF or ZPL."""

    kind: str
    format: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class BoughtLabel:
    client_key: str
    tracking_number: str
    service_code: str
    amount: Decimal
    currency: str
    documents: tuple[Document, ...]
    estimated_delivery_date: date | None = None


@dataclass(frozen=True)
class ScanEvent:
    """One tracking event: the carrier's own code, and what it means to us.

    `occurred_at` keeps the carrier's zone. `status` is a TrackingStatus; a code that the adapter
    does not know is kept with UNKNOWN.
    """

    code: str
    status: str
    occurred_at: datetime
    reason: str = ""
    place: str = ""
    description: str = ""
    raw: Mapping[str, object] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class TrackReport:
    """The carrier's word on one tracking number: its events, or the error of it alone."""

    tracking_number: str
    events: tuple[ScanEvent, ...] = ()
    estimated_delivery_date: date | None = None
    error: str = ""


@dataclass(frozen=True, kw_only=True)
class ManifestOrder:
    client_key: str
    tracking_numbers: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ManifestReceipt:
    """The carrier's answer to a manifest; `refused` maps numbers it did not take to its reason."""

    client_key: str
    manifest_number: str
    accepted: tuple[str, ...]
    refused: Mapping[str, str] = field(default_factory=dict)
    documents: tuple[Document, ...] = ()
