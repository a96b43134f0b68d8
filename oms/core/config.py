"""Configuration kept in memory, compared by version with every use."""

from collections.abc import Callable
from typing import Generic, TypeVar

from django.db import connection

T = TypeVar("T")


def current_version() -> int:
    """The number that changes with every write to a configuration table."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(version), 0) FROM core_config_version")
        return int(cursor.fetchone()[0])


class Cached(Generic[T]):
    """A loaded value that belongs to one configuration version."""

    def __init__(self, load: Callable[[], T]) -> None:
        self._load = load
        self._held: tuple[int, T] | None = None

    def get(self, version: int) -> T:
        held = self._held
        if held is None or held[0] != version:
            held = (version, self._load())
            self._held = held
        return held[1]
