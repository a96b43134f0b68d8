"""The one way out: every HTTP call that leaves the house goes through `HttpClient`.

One deadline for the whole call, an upper size after inflation, no redirects, no cookies, no proxies
from the environment, a breaker and a limit of calls at once per host, and a check of the address
that is really connected to. It never repeats a request: only the caller knows whether that is safe.
"""

import json
import os
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from oms.core.httpnet import AddressRefused, Guard, NameNotFound, Transport, deadline

DEADLINE_S = 10.0
MAX_BYTES = 1_000_000
MAX_RETRY_AFTER_S = 24 * 3600.0
MAX_AT_ONCE = 16
USER_AGENT = "oms/0.1"


class HttpError(Exception):
    """A call without an answer. `sent` is true when the other side may have got the request."""

    sent = True


class ConnectFailed(HttpError):
    """Nothing was sent: no such name, no connection, no TLS, or no free place in time."""

    sent = False


class Refused(HttpError):
    """Nothing was sent: the address is not one that we call."""

    sent = False


class BreakerOpen(HttpError):
    """Nothing was sent: this host failed too often just now."""

    sent = False

    def __init__(self, key: str, retry_after_s: float) -> None:
        super().__init__(f"{key} failed too often; try again in {retry_after_s:.0f} s")
        self.retry_after_s = retry_after_s


class DeadlinePassed(HttpError):
    """The answer did not come, or not wholly, in time."""


class Broken(HttpError):
    """The connection or the protocol broke while the answer was awaited."""


class BodyRefused(HttpError):
    """An answer with this status came, but its body is too large or cannot be inflated."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True)
class Response:
    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    elapsed_ms: int = 0

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300

    @property
    def retry_after_s(self) -> float:
        """Seconds that the other side asks us to wait; 0 when it does not say."""
        value = self.headers.get("retry-after", "")
        return parse_retry_after(value, self.headers.get("date", ""))

    def json(self) -> Any:
        """The body as JSON.

        Raises:
            ValueError: it is not JSON, or nested too deeply.
        """
        try:
            return json.loads(self.body)
        except RecursionError as exc:
            raise ValueError("the answer is nested too deeply") from exc


def parse_retry_after(value: str, date: str = "") -> float:
    """Seconds from a Retry-After header, which gives seconds or a date; at most one day.

    A date is compared with the answer's own Date, so that a wrong clock does no harm.
    """
    value = value.strip()
    if value.isdigit():
        return min(float(value[:9]), MAX_RETRY_AFTER_S)
    try:
        until = parsedate_to_datetime(value).timestamp()
        now = parsedate_to_datetime(date).timestamp() if date else time.time()
    except (TypeError, ValueError, OverflowError):
        return 0.0
    return min(max(until - now, 0.0), MAX_RETRY_AFTER_S)


class Breaker:
    """Counts straight failures of one host.

    After `threshold` of them every call is refused for `cool_s`; then one probe is let through, and
    its outcome closes the breaker or opens it again.
    """

    def __init__(
        self,
        key: str,
        *,
        threshold: int = 5,
        cool_s: float = 30.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.key, self.threshold, self.cool_s, self._clock = key, threshold, cool_s, clock
        self._failures = 0
        self._open_until = 0.0
        self._guard = threading.Lock()

    @property
    def is_open(self) -> bool:
        return self._failures >= self.threshold

    def enter(self) -> None:
        """Let a call pass, or raise `BreakerOpen`."""
        with self._guard:
            if not self.is_open:
                return
            now = self._clock()
            if now < self._open_until:
                raise BreakerOpen(self.key, self._open_until - now)
            self._open_until = now + self.cool_s  # this call is the probe; others wait for it

    def succeeded(self) -> None:
        with self._guard:
            self._failures = 0

    def failed(self) -> None:
        with self._guard:
            self._failures += 1
            if self.is_open:
                self._open_until = self._clock() + self.cool_s


class HttpClient:
    """Calls with a deadline. Thread-safe; keeps connections, breakers and limits per process."""

    def __init__(
        self,
        *,
        deadline_s: float = DEADLINE_S,
        max_bytes: int = MAX_BYTES,
        guard: Guard | None = None,
        breaker: Callable[[str], Breaker] = Breaker,
        at_once: int = MAX_AT_ONCE,
    ) -> None:
        self._deadline_s, self._max_bytes, self._at_once = deadline_s, max_bytes, at_once
        self._guard, self._make_breaker = guard, breaker
        self._lock = threading.Lock()
        self._forget()

    def _forget(self) -> None:
        self._pid = os.getpid()
        self._transport = Transport(self._guard)
        self._breakers: dict[str, Breaker] = {}
        self._places: dict[str, threading.BoundedSemaphore] = {}

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        json: Any = None,
        content: bytes | None = None,
        deadline_s: float | None = None,
        breaker_key: str = "",
    ) -> Response:
        """Make one call and read its answer, whatever its status.

        Raises:
            HttpError: there is no answer; see its subclasses.
        """
        request = _build(method, url, headers or {}, json, content)
        seconds = deadline_s or self._deadline_s
        key = breaker_key or request.url.netloc.decode()
        breaker, places = self._for_host(key)
        breaker.enter()
        started = time.monotonic()
        with _counted(breaker), deadline(seconds), _place(places, seconds):
            status, response_headers, body = self._exchange(request, seconds)
            if status >= 500:
                breaker.failed()
            else:
                breaker.succeeded()
        elapsed_ms = int((time.monotonic() - started) * 1000)
        return Response(status, response_headers, body, elapsed_ms)

    def breaker_is_open(self, key: str) -> bool:
        breaker = self._breakers.get(key)
        return breaker is not None and breaker.is_open

    def _for_host(self, key: str) -> tuple[Breaker, threading.BoundedSemaphore]:
        with self._lock:
            if self._pid != os.getpid():  # connections must not be shared with a forked child
                self._forget()
            breaker = self._breakers.setdefault(key, self._make_breaker(key))
            places = self._places.setdefault(key, threading.BoundedSemaphore(self._at_once))
        return breaker, places

    def _exchange(
        self, request: httpx.Request, seconds: float
    ) -> tuple[int, Mapping[str, str], bytes]:
        timeout = dict.fromkeys(("connect", "read", "write", "pool"), seconds)
        request.extensions["timeout"] = timeout
        with _errors_named():
            response = self._transport.handle_request(request)
            response.request = request
            try:
                headers = {key.lower(): value for key, value in response.headers.items()}
                body = b"".join(_inflated(response, headers, self._max_bytes))
            finally:
                response.close()
        return response.status_code, headers, body


def _build(
    method: str, url: str, headers: Mapping[str, str], body: Any, content: bytes | None
) -> httpx.Request:
    defaults = {"User-Agent": USER_AGENT, "Accept-Encoding": "gzip"}
    try:
        return httpx.Request(
            method, url, headers={**defaults, **headers}, json=body, content=content
        )
    except (httpx.InvalidURL, UnicodeError) as exc:
        raise Refused(str(exc)) from exc


@contextmanager
def _counted(breaker: Breaker) -> Iterator[None]:
    """Count a call without an answer as a failure of its host."""
    try:
        yield
    except (Refused, BodyRefused):
        breaker.succeeded()
        raise
    except HttpError:
        breaker.failed()
        raise


@contextmanager
def _place(places: threading.BoundedSemaphore, seconds: float) -> Iterator[None]:
    if not places.acquire(timeout=seconds):
        raise ConnectFailed("too many calls to this host are waiting")
    try:
        yield
    finally:
        places.release()


@contextmanager
def _errors_named() -> Iterator[None]:
    try:
        yield
    except AddressRefused as exc:
        raise Refused(str(exc)) from exc
    except (NameNotFound, httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as exc:
        raise ConnectFailed(str(exc) or type(exc).__name__) from exc
    except httpx.UnsupportedProtocol as exc:
        raise Refused(str(exc)) from exc
    except httpx.TimeoutException as exc:
        raise DeadlinePassed(type(exc).__name__) from exc
    except httpx.TransportError as exc:
        raise Broken(str(exc) or type(exc).__name__) from exc


def _inflated(
    response: httpx.Response, headers: Mapping[str, str], max_bytes: int
) -> Iterator[bytes]:
    """The body in pieces, inflated by ourselves so that a small answer cannot become a huge one."""
    encoding = headers.get("content-encoding", "identity").strip().lower()
    if encoding not in {"identity", "gzip", ""}:
        raise BodyRefused(f"the answer is encoded as {encoding}", response.status_code)
    inflate = zlib.decompressobj(wbits=31) if encoding == "gzip" else None
    left = max_bytes
    for piece in response.iter_raw():
        try:
            plain = inflate.decompress(piece, left + 1) if inflate else piece
        except zlib.error as exc:
            raise BodyRefused("the answer cannot be inflated", response.status_code) from exc
        left -= len(plain)
        if left < 0:
            raise BodyRefused(f"the answer is above {max_bytes} bytes", response.status_code)
        yield plain
    if inflate and not inflate.eof:
        raise Broken("the answer ends in the middle of its compressed body")


_shared = HttpClient()


def get_client() -> HttpClient:
    """The client for carriers and payment providers: addresses that an administrator entered."""
    return _shared
