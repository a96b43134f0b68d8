"""How the faults of one request are carried out."""

import base64
import gzip
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from random import Random
from threading import Event
from typing import Any, Protocol

from carriers.management.simulator import faults
from carriers.management.simulator.faults import Fault

DEPTH = 100_000
BOMB_BYTES = 50_000_000
HUGE_BYTES = 5_000_000
SPOILED: dict[str, tuple[Callable[[], bytes], dict[str, str]]] = {
    faults.HTML: (
        lambda: b"<!doctype html><h1>Bad gateway</h1>",
        {"Content-Type": "text/html"},
    ),
    faults.WRONG_TYPE: (lambda: b'["surprise"]', {}),
    faults.BAD_UTF8: (lambda: b'{"results": "\xff\xfe\xfa"}', {}),
    faults.DEEP: (lambda: b"[" * DEPTH + b"]" * DEPTH, {}),
    faults.HUGE: (lambda: b'{"pad": "' + b"x" * HUGE_BYTES + b'"}', {}),
    faults.BOMB: (lambda: gzip.compress(b" " * BOMB_BYTES), {"Content-Encoding": "gzip"}),
}


class Cut(Exception):
    """Close the connection without an answer."""


class Sender(Protocol):
    def send_body(
        self, status: int, body: bytes, headers: Mapping[str, str] | None = None
    ) -> None: ...

    wfile: Any
    close_connection: bool


class Sabotage:
    def __init__(self, hits: Mapping[str, Fault], closing: Event) -> None:
        self._hits, self._closing = hits, closing

    def instead(self, sender: Sender) -> bool:
        """Faults in place of acting; true when the request has been answered."""
        if faults.SLOW in self._hits:
            self._closing.wait(self._hits[faults.SLOW].seconds)
        if faults.HANG in self._hits:
            self._closing.wait(self._hits[faults.HANG].seconds)
            raise Cut
        if faults.CUT in self._hits:
            raise Cut
        return self._refuse(sender)

    def _refuse(self, sender: Sender) -> bool:
        if faults.LIMITED in self._hits:
            wait = str(int(self._hits[faults.LIMITED].seconds))
            sender.send_body(429, _error("rate_limited"), {"Retry-After": wait})
        elif faults.LIMITED_DATE in self._hits:
            until = datetime.now(UTC) + timedelta(seconds=self._hits[faults.LIMITED_DATE].seconds)
            value = format_datetime(until, usegmt=True)
            sender.send_body(429, _error("rate_limited"), {"Retry-After": value})
        elif faults.ERROR in self._hits:
            sender.send_body(self._hits[faults.ERROR].status, _error("internal"))
        elif faults.REDIRECT in self._hits:
            sender.send_body(302, b"", {"Location": "http://127.0.0.1:1/"})
        else:
            return False
        return True

    def after_effect(self) -> None:
        """The carrier has acted and its answer gets lost."""
        if faults.LOST_HANG in self._hits:
            self._closing.wait(self._hits[faults.LOST_HANG].seconds)
            raise Cut
        if faults.LOST in self._hits:
            raise Cut

    def send(self, sender: Sender, status: int, answer: Any) -> None:
        body = encode(self._events_spoiled(answer))
        if faults.TRUNCATED in self._hits:
            sender.close_connection = True
            sender.send_body(status, body[: len(body) // 2], {"Content-Length": str(len(body))})
            raise Cut
        if faults.DRIP in self._hits:
            self._drip(sender, status, body)
            return
        spoiled, headers = self._body_spoiled(body)
        sender.send_body(status, spoiled, headers)

    def _body_spoiled(self, body: bytes) -> tuple[bytes, Mapping[str, str]]:
        for kind, (make, headers) in SPOILED.items():
            if kind in self._hits:
                return make(), headers
        return body, {}

    def _drip(self, sender: Sender, status: int, body: bytes) -> None:
        """One byte at a time, for as long as the fault says."""
        sender.send_body(status, b"", {"Content-Length": str(len(body))})
        pause = 0.02
        for index in range(int(self._hits[faults.DRIP].seconds / pause)):
            sender.wfile.write(body[index : index + 1])
            sender.wfile.flush()
            if self._closing.wait(pause):
                break
        raise Cut

    def _events_spoiled(self, answer: Any) -> Any:
        if not isinstance(answer, dict) or "results" not in answer:
            return answer
        return {"results": [self._spoiled(dict(row)) for row in answer["results"]]}

    def _spoiled(self, row: dict[str, Any]) -> dict[str, Any]:
        events = list(row.get("events", ()))
        if faults.UNKNOWN_CODE in self._hits and events:
            events.append({**events[-1], "code": "Q7"})
        if faults.DUPLICATED in self._hits:
            events *= 3
        if faults.SHUFFLED in self._hits:
            Random(row["number"]).shuffle(events)  # noqa: S311 - a simulation
        return {**row, "events": events} if "events" in row else row


def encode(value: Any) -> bytes:
    """JSON, documents in base 64."""
    return json.dumps(value, default=_document).encode()


def _document(value: object) -> str:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    raise TypeError(f"{value!r} is no JSON")


def _error(code: str) -> bytes:
    return json.dumps({"error": {"code": code, "message": code}}).encode()
