"""Answers of the simulated carrier as values. Whatever does not fit is CarrierGarbage."""

import base64
import binascii
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from carriers.adapters.simulated.codes import meaning
from carriers.errors import CarrierGarbage
from carriers.values import (
    BoughtLabel,
    Charge,
    Document,
    ManifestReceipt,
    Quote,
    ScanEvent,
    TrackReport,
)

MAGIC = {"PDF": b"%PDF-", "ZPL": b"^XA"}
SENSIBLE_YEARS = range(2000, 2100)
SENSIBLE_PRICE = Decimal(1_000_000)


@contextmanager
def _garbage_named() -> Iterator[None]:
    try:
        yield
    except (
        KeyError,
        TypeError,
        ValueError,
        AttributeError,
        InvalidOperation,
        binascii.Error,
    ) as exc:
        raise CarrierGarbage(f"{type(exc).__name__}: {exc}"[:200]) from exc


def quotes(body: Mapping[str, Any]) -> list[Quote]:
    with _garbage_named():
        return [
            Quote(
                service_id=0,
                service_code=_text(row["code"]),
                amount=_money(row["price"]),
                currency=_text(body["currency"]),
                business_days=int(row["business_days"]),
                charges=tuple(Charge(c["kind"], _money(c["amount"])) for c in row["charges"]),
            )
            for row in body["services"]
        ]


def label(body: Mapping[str, Any], wanted_service: str = "") -> BoughtLabel:
    """The bought label; one for another service, or without a printable document, is garbage."""
    with _garbage_named():
        if wanted_service and body["service"] != wanted_service:
            raise CarrierGarbage(f"{body['service']} was sold instead of {wanted_service}")
        expected = body.get("estimated_delivery")
        return BoughtLabel(
            client_key=_text(body["reference"]),
            tracking_number=_text(body["number"]),
            service_code=_text(body["service"]),
            amount=_money(body["price"]),
            currency=_text(body["currency"]),
            documents=_documents(body["documents"], "LABEL"),
            estimated_delivery_date=date.fromisoformat(expected) if expected else None,
        )


def manifest(body: Mapping[str, Any]) -> ManifestReceipt:
    with _garbage_named():
        return ManifestReceipt(
            client_key=_text(body["reference"]),
            manifest_number=_text(body["manifest"]),
            accepted=tuple(_text(number) for number in body["accepted"]),
            refused={_text(row["number"]): _text(row["reason"]) for row in body["rejected"]},
            documents=_documents(body["documents"], "MANIFEST"),
        )


def reports(body: Mapping[str, Any], numbers: Sequence[str]) -> dict[str, TrackReport]:
    """One report per number that was asked for; what is wrong with one does not touch another."""
    with _garbage_named():
        rows = {_text(row["number"]): row for row in body["results"]}
    return {number: _report(number, rows.get(number)) for number in numbers}


def _report(number: str, row: Mapping[str, Any] | None) -> TrackReport:
    if row is None:
        return TrackReport(number, error="missing in the answer")
    try:
        with _garbage_named():
            if row.get("error"):
                return TrackReport(number, error=_text(row["error"]["code"]))
            expected = row.get("estimated_delivery")
            return TrackReport(
                number,
                events=tuple(_event(event) for event in row["events"]),
                estimated_delivery_date=date.fromisoformat(expected) if expected else None,
            )
    except CarrierGarbage as exc:
        return TrackReport(number, error=exc.detail)


def _event(row: Mapping[str, Any]) -> ScanEvent:
    occurred_at = datetime.fromisoformat(row["time"])
    if occurred_at.tzinfo is None or occurred_at.year not in SENSIBLE_YEARS:
        raise ValueError(f"{row['time']} is no moment")
    code = _text(row["code"])
    status, reason = meaning(code)
    return ScanEvent(
        code=code,
        status=status,
        reason=reason,
        occurred_at=occurred_at,
        place=str(row.get("place", ""))[:120],
        description=str(row.get("text", ""))[:200],
        raw=dict(row),
    )


def _documents(rows: Sequence[Mapping[str, Any]], kind: str) -> tuple[Document, ...]:
    documents = tuple(
        Document(kind, row["format"], base64.b64decode(row["base64"], validate=True))
        for row in rows
    )
    if not documents:
        raise ValueError("no document")
    for document in documents:
        if not document.content.startswith(MAGIC[document.format]):
            raise ValueError(f"this is no {document.format}")
    return documents


def _money(value: Any) -> Decimal:
    amount = Decimal(_text(value))
    if not amount.is_finite() or not 0 <= amount < SENSIBLE_PRICE:
        raise ValueError(f"{value} is no price")
    return amount


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError(f"{value!r} is no text")
    return value
