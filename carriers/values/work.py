"""Claimed work: what a worker holds between its two transactions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True)
class AccountInfo:
    """An account as an adapter sees it, credentials readable."""

    id: int
    carrier_id: int
    carrier_code: str
    adapter: str
    endpoint_url: str
    credentials: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class EffectClaim:
    """A foreign effect that this worker may carry out until its lease ends.

    `token` grows with every claim; an outcome is recorded only while it is still the current one.
    """

    id: int
    token: int
    attempts: int
    is_retry: bool


@dataclass(frozen=True)
class PollClaim:
    tracking_id: int
    token: int
    account_id: int
    tracking_number: str


@dataclass(frozen=True)
class Tokens:
    """Calls granted by a carrier's bucket, and after how many seconds the next one is there."""

    granted: int
    wait_s: Decimal
