"""Faults on demand: what goes wrong, how often, how many times."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

# before the carrier acts
HANG, SLOW, LIMITED, LIMITED_DATE, ERROR, CUT = (
    "hang",
    "slow",
    "rate_limited",
    "rate_limited_date",
    "server_error",
    "cut",
)
# after it has acted
LOST, LOST_HANG = "lost_answer", "lost_hang"
# to the answer itself
HTML, TRUNCATED, WRONG_TYPE, BAD_UTF8, DEEP, BOMB, HUGE, DRIP, REDIRECT = (
    "html",
    "truncated",
    "wrong_type",
    "bad_utf8",
    "deep",
    "bomb",
    "huge",
    "drip",
    "redirect",
)
# to tracking events only
DUPLICATED, SHUFFLED, UNKNOWN_CODE = "duplicated", "shuffled", "unknown_code"

KINDS = frozenset(
    {HANG, SLOW, LIMITED, LIMITED_DATE, ERROR, CUT, LOST, LOST_HANG, HTML, TRUNCATED, WRONG_TYPE}
    | {BAD_UTF8, DEEP, BOMB, HUGE, DRIP, REDIRECT, DUPLICATED, SHUFFLED, UNKNOWN_CODE}
)
ANY = "*"


@dataclass
class Fault:
    """`times` counts down, None never ends; `seconds` and `status` are for kinds that need them."""

    kind: str
    carrier: str = ANY
    operation: str = ANY
    probability: float = 1.0
    times: int | None = None
    seconds: float = 30.0
    status: int = 500

    def concerns(self, carrier: str, operation: str) -> bool:
        return self.carrier in {ANY, carrier} and self.operation in {ANY, operation}


class Faults:
    def __init__(self, seed: int = 1) -> None:
        self._faults: list[Fault] = []
        self._rng = Random(seed)  # noqa: S311 - a simulation
        self._guard = threading.Lock()

    def add(self, values: Mapping[str, Any]) -> None:
        fault = Fault(**values)
        if fault.kind not in KINDS:
            raise ValueError(f"there is no fault {fault.kind}")
        with self._guard:
            self._faults.append(fault)

    def clear(self) -> None:
        with self._guard:
            self._faults.clear()

    def draw(self, carrier: str, operation: str) -> dict[str, Fault]:
        """The faults that hit this request, by kind."""
        with self._guard:
            return {
                fault.kind: fault for fault in self._faults if self._hits(fault, carrier, operation)
            }

    def _hits(self, fault: Fault, carrier: str, operation: str) -> bool:
        if not fault.concerns(carrier, operation) or fault.times == 0:
            return False
        if self._rng.random() >= fault.probability:
            return False
        if fault.times is not None:
            fault.times -= 1
        return True
