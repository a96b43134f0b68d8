"""The time in which the simulated carriers live."""

import threading
import time
from datetime import UTC, datetime, timedelta


class SimClock:
    """The real time, or one that is set from outside and stands still in between.

    `speed` is how many carrier hours pass in one hour: with 1440, a day of transit takes a minute.
    """

    def __init__(self, speed: float = 1.0) -> None:
        self.speed = speed
        self._set_to: datetime | None = None
        self._guard = threading.Lock()

    def now(self) -> datetime:
        with self._guard:
            return self._set_to or datetime.fromtimestamp(time.time(), UTC)

    def set(self, at: datetime | None) -> None:
        """Stop at this moment; None runs with the real time again. Time never goes back."""
        with self._guard:
            if at is None or self._set_to is None:
                self._set_to = at
            else:
                self._set_to = max(at, self._set_to)

    def compressed(self, start: datetime, planned: datetime) -> datetime:
        """When something planned for this moment happens, for a parcel that began at `start`."""
        passed: timedelta = (planned - start) / self.speed
        return start + passed
