"""Adapter for the simulated carrier's API, version 1."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any, ClassVar, TypeVar
from urllib.parse import quote as quote_url

from carriers.adapters.base import Caller, json_object, rejected, sample
from carriers.adapters.simulated import parsing
from carriers.errors import CarrierGarbage, OutcomeUnknown
from carriers.values import (
    AccountInfo,
    BoughtLabel,
    LabelOrder,
    ManifestOrder,
    ManifestReceipt,
    Measures,
    Party,
    Quote,
    TrackReport,
)
from oms.core import http

T = TypeVar("T")


class Adapter:
    max_track_batch: ClassVar[int] = 50

    def __init__(self, account: AccountInfo, client: http.HttpClient) -> None:
        self._caller = Caller(account, client)
        self._headers = {"Authorization": f"Bearer {account.credentials.get('token', '')}"}

    def quote(self, sender: Party, recipient: Party, parcels: Sequence[Measures]) -> list[Quote]:
        body = {
            "from": _place(sender),
            "to": _place(recipient),
            "parcels": [_parcel(measures) for measures in parcels],
        }
        # A price request is a POST with nothing bought: a lost answer is merely no answer.
        try:
            response = self._caller.act("/v1/rates", self._headers, body)
        except OutcomeUnknown as exc:
            raise CarrierGarbage(exc.detail) from exc
        return parsing.quotes(_accepted(response))

    def buy_label(self, order: LabelOrder) -> BoughtLabel:
        body = {
            "reference": order.client_key,
            "service": order.service_code,
            "from": asdict(order.sender),
            "to": asdict(order.recipient),
            "parcel": _parcel(order.measures),
            "formats": list(order.formats),
        }
        response = self._caller.act("/v1/labels", self._headers, body)
        return _certain(lambda: parsing.label(_accepted(response), order.service_code))

    def find_label(self, client_key: str) -> BoughtLabel | None:
        path = f"/v1/labels?reference={quote_url(client_key)}"
        response = self._caller.read(path, self._headers)
        return None if response.status == 404 else parsing.label(_accepted(response))

    def void_label(self, tracking_number: str) -> None:
        path = f"/v1/labels/{quote_url(tracking_number)}/void"
        response = self._caller.act(path, self._headers, {})
        _certain(lambda: _accepted(response))

    def track(self, numbers: Sequence[str]) -> dict[str, TrackReport]:
        path = f"/v1/tracking?numbers={','.join(map(quote_url, numbers))}"
        return parsing.reports(_accepted(self._caller.read(path, self._headers)), numbers)

    def close_manifest(self, order: ManifestOrder) -> ManifestReceipt:
        body = {"reference": order.client_key, "numbers": list(order.tracking_numbers)}
        response = self._caller.act("/v1/manifests", self._headers, body)
        return _certain(lambda: parsing.manifest(_accepted(response)))

    def find_manifest(self, client_key: str) -> ManifestReceipt | None:
        path = f"/v1/manifests?reference={quote_url(client_key)}"
        response = self._caller.read(path, self._headers)
        return None if response.status == 404 else parsing.manifest(_accepted(response))


def _accepted(response: http.Response) -> dict[str, Any]:
    """The object of a 2xx answer; a 4xx becomes the carrier's own refusal."""
    body = json_object(response)
    if response.is_success:
        return body
    error = body.get("error")
    if not isinstance(error, dict):
        raise CarrierGarbage(f"{response.status} without an error: {sample(response)}")
    raise rejected(response, str(error.get("message", "")), str(error.get("code", "")))


def _certain(read: Callable[[], T]) -> T:
    """After an effect, an answer that cannot be understood leaves us as wise as none."""
    try:
        return read()
    except CarrierGarbage as exc:
        raise OutcomeUnknown(exc.detail) from exc


def _place(party: Party) -> dict[str, str]:
    return {"country": party.country, "postal_code": party.postal_code}


def _parcel(measures: Measures) -> dict[str, Any]:
    size = [measures.length_mm, measures.width_mm, measures.height_mm]
    return {"grams": measures.weight_g, "mm": size}
