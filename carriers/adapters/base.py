"""The contract of an adapter, and the shared way of asking a carrier.

An adapter speaks one carrier's API and knows values, never rows. Its errors are the contract's:
what certainly had no effect is CarrierUnavailable (or RateLimited), a clear no is CarrierRejected,
an answer that makes no sense is CarrierGarbage, and a request with an effect whose answer was lost
is OutcomeUnknown. An adapter never repeats a request that has an effect.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Protocol

from carriers.errors import (
    CarrierGarbage,
    CarrierRejected,
    CarrierUnavailable,
    OutcomeUnknown,
    RateLimited,
)
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

SAMPLE_BYTES = 200
DEFAULT_RETRY_AFTER_S = 5.0


class CarrierAdapter(Protocol):
    """What every carrier can do for us."""

    max_track_batch: ClassVar[int]

    def __init__(self, account: AccountInfo, client: http.HttpClient) -> None: ...

    def quote(self, sender: Party, recipient: Party, parcels: Sequence[Measures]) -> list[Quote]:
        """Live prices; `service_id` is 0, the caller knows the codes."""
        ...

    def buy_label(self, order: LabelOrder) -> BoughtLabel: ...

    def find_label(self, client_key: str) -> BoughtLabel | None:
        """The label bought under our key, or None when the carrier has none."""
        ...

    def void_label(self, tracking_number: str) -> None:
        """Give the label back; one that is void already is no error."""
        ...

    def track(self, numbers: Sequence[str]) -> dict[str, TrackReport]:
        """A report for every number, each with its own error; at most `max_track_batch` numbers."""
        ...

    def close_manifest(self, order: ManifestOrder) -> ManifestReceipt: ...

    def find_manifest(self, client_key: str) -> ManifestReceipt | None: ...


class Caller:
    """Asks one account's API and tells the contract's errors apart."""

    def __init__(self, account: AccountInfo, client: http.HttpClient) -> None:
        self._base = account.endpoint_url.rstrip("/")
        self._client = client
        self._breaker_key = self._base

    def read(self, path: str, headers: Mapping[str, str]) -> http.Response:
        """A request without effect."""
        try:
            response = self._client.request(
                "GET", self._base + path, headers=headers, breaker_key=self._breaker_key
            )
        except http.BodyRefused as exc:
            raise CarrierGarbage(str(exc)) from exc
        except http.HttpError as exc:
            raise unavailable(exc) from exc
        if response.status >= 500:
            raise CarrierUnavailable(f"The carrier answered {response.status}.")
        return _no_refusal(response)

    def act(self, path: str, headers: Mapping[str, str], body: Any) -> http.Response:
        """A request that may have an effect: exactly one POST."""
        try:
            response = self._client.request(
                "POST",
                self._base + path,
                headers=headers,
                json=body,
                breaker_key=self._breaker_key,
            )
        except http.HttpError as exc:
            if exc.sent:
                raise OutcomeUnknown(f"{type(exc).__name__}: {exc}") from exc
            raise unavailable(exc) from exc
        if response.status >= 500:
            raise OutcomeUnknown(f"The carrier answered {response.status}.")
        return _no_refusal(response)


def unavailable(exc: http.HttpError) -> CarrierUnavailable:
    wait = exc.retry_after_s if isinstance(exc, http.BreakerOpen) else 0.0
    return CarrierUnavailable(f"{type(exc).__name__}: {exc}", retry_after_s=wait)


def _no_refusal(response: http.Response) -> http.Response:
    if response.status == 429:
        wait = response.retry_after_s or DEFAULT_RETRY_AFTER_S
        raise RateLimited(f"The carrier asks to wait {wait:.0f} s.", retry_after_s=wait)
    if 300 <= response.status < 400:
        raise CarrierGarbage(f"The carrier redirects ({response.status}).")
    return response


def json_object(response: http.Response) -> dict[str, Any]:
    """The answer's JSON object.

    Raises:
        CarrierGarbage: it is something else; the message has the beginning of it.
    """
    try:
        value = response.json()
        storable(value)
    except ValueError as exc:
        raise CarrierGarbage(f"not JSON: {sample(response)}") from exc
    if not isinstance(value, dict):
        raise CarrierGarbage(f"not an object: {sample(response)}")
    return value


def storable(value: Any) -> None:
    """Refuse text that no database takes: NUL characters and halves of surrogate pairs.

    Raises:
        ValueError: there is some in the value.
    """
    text = json.dumps(value, ensure_ascii=False)
    text.encode()
    if "\\u0000" in text:
        raise ValueError("there is a NUL character in it")


def sample(response: http.Response) -> str:
    return response.body[:SAMPLE_BYTES].decode("utf-8", "replace").replace("\0", "")


def rejected(response: http.Response, message: str, carrier_code: str) -> CarrierRejected:
    text = message or f"The carrier answered {response.status}."
    return CarrierRejected(text[:SAMPLE_BYTES], carrier_code=carrier_code)
