"""The network under the HTTP client: one deadline over all waits, a say in what is called."""

import ipaddress
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from ssl import SSLContext
from typing import Any

import httpcore
import httpx

Guard = Callable[[str, int], None]  # (ip address, port) -> raises AddressRefused

_deadline: ContextVar[float] = ContextVar("http_deadline")
_NO_TIME_LEFT_S = 0.001
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class AddressRefused(Exception):
    """The address may not be called."""


class NameNotFound(Exception):
    """The host name does not resolve, or not in time."""


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Every wait of this thread's calls ends after so many seconds, all waits together."""
    token = _deadline.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _deadline.reset(token)


def refuse_private(address: str, port: int) -> None:  # noqa: ARG001 - the signature of a guard
    """Guard for addresses that strangers enter: only public ones.

    Raises:
        AddressRefused: it is loopback, private, link-local, multicast or reserved.
    """
    found = ipaddress.ip_address(address.split("%", maxsplit=1)[0])
    if not all(ip.is_global and not ip.is_multicast for ip in (found, *_wrapped(found))):
        raise AddressRefused(f"{address} is not a public address")


def _wrapped(
    found: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> Iterator[ipaddress.IPv4Address]:
    """The IPv4 addresses that an IPv6 address leads to."""
    if isinstance(found, ipaddress.IPv4Address):
        return
    if found.ipv4_mapped:
        yield found.ipv4_mapped
    if found.sixtofour:
        yield found.sixtofour
    if found in _NAT64:
        yield ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)


class Transport(httpx.HTTPTransport):
    """An httpx transport over our network backend: HTTP/1.1, no proxy, no retry."""

    def __init__(self, guard: Guard | None) -> None:
        super().__init__(trust_env=False)
        self._pool = httpcore.ConnectionPool(
            ssl_context=httpx.create_ssl_context(trust_env=False),
            max_connections=64,
            max_keepalive_connections=16,
            keepalive_expiry=15.0,
            network_backend=_Network(guard),
        )


class _Network(httpcore.NetworkBackend):
    def __init__(self, guard: Guard | None) -> None:
        self._guard = guard
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address that answers; what was checked is what is connected to."""
        addresses = _resolve(host, port)
        if self._guard:
            for address in addresses:
                self._guard(address, port)
        failure: Exception | None = None
        for address in addresses:
            try:
                stream = self._plain.connect_tcp(
                    address, port, _left(timeout), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as exc:
                failure = exc
            else:
                return _Stream(stream)
        raise failure or NameNotFound(host)


class _Stream(httpcore.NetworkStream):
    """A stream whose every wait is cut at the call's deadline."""

    def __init__(self, inner: httpcore.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, _left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, _left(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, _left(timeout)))

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


def _left(timeout: float | None) -> float:
    left = _deadline.get() - time.monotonic()
    return max(_NO_TIME_LEFT_S, left if timeout is None else min(left, timeout))


def _resolve(host: str, port: int) -> list[str]:
    """The addresses of a host. A resolver cannot be interrupted, so a thread waits for it."""
    if _is_address(host):
        return [host]
    found: list[str] = []

    def look_up() -> None:
        try:
            rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            return
        found.extend(dict.fromkeys(str(row[4][0]) for row in rows))

    thread = threading.Thread(target=look_up, name="resolve", daemon=True)
    thread.start()
    thread.join(_left(None))
    if not found:
        raise NameNotFound(f"{host} is not known")
    return list(found)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
