"""How long to wait before trying again, and how many calls a carrier allows. Seconds throughout."""

from datetime import datetime, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

ZERO = Decimal(0)
SECONDS_TO_RETRY = (5, 30, 120, 600, 1800, 3600)
MAX_ATTEMPTS = 8


def next_attempt(attempts: int, at: datetime, *, retry_after_s: float = 0) -> datetime | None:
    """When a foreign effect is tried again after so many attempts; None: a person decides.

    The carrier's own Retry-After is obeyed when it is longer.
    """
    if attempts >= MAX_ATTEMPTS:
        return None
    seconds = SECONDS_TO_RETRY[min(max(attempts, 1), len(SECONDS_TO_RETRY)) - 1]
    return at + timedelta(seconds=max(seconds, retry_after_s))


def doubling(failures: int, base: timedelta, cap: timedelta) -> timedelta:
    """`base`, doubled with every further failure, at most `cap`."""
    return min(cap, base * (1 << min(max(failures, 1) - 1, 20)))


def refill(tokens: Decimal, elapsed_s: Decimal, per_second: Decimal, burst: int) -> Decimal:
    """Tokens in a bucket after some seconds; it never holds more than `burst`."""
    return min(Decimal(burst), tokens + max(elapsed_s, ZERO) * per_second)


def take(tokens: Decimal, wanted: int) -> tuple[int, Decimal]:
    """How many whole tokens are granted, and what is left."""
    granted = min(wanted, int(tokens.to_integral_value(ROUND_FLOOR)))
    return granted, tokens - granted


def wait_for_one(tokens: Decimal, per_second: Decimal) -> Decimal:
    """Seconds until the bucket holds a whole token, in milliseconds, rounded up."""
    lacking = Decimal(1) - tokens
    if lacking <= ZERO:
        return ZERO
    return (lacking / per_second).quantize(Decimal("0.001"), rounding=ROUND_CEILING)
