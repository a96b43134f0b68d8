"""Hot statements are planned once per connection.

Planning a statement with several data-modifying CTEs costs more than running it; PREPARE pays that once.
"""

from collections.abc import Sequence
from typing import Any
from weakref import WeakKeyDictionary

from django.db import connection
from django.db.backends.utils import CursorWrapper


class Prepared:
    """A statement with $1, $2 ... placeholders, prepared on first use by each connection."""

    _known: "WeakKeyDictionary[Any, set[str]]" = WeakKeyDictionary()

    def __init__(self, name: str, types: Sequence[str], sql: str) -> None:
        self.name = name
        self._prepare = f"PREPARE {name} ({', '.join(types)}) AS {sql}"
        self._execute = f"EXECUTE {name} ({', '.join(f'%s::{kind}' for kind in types)})"

    def execute(self, cursor: CursorWrapper, params: Sequence[Any], *, before: str = "") -> None:
        """Run the statement; `before` is SQL that is sent ahead in the same round trip."""
        known = self._known.setdefault(connection.connection, set())
        if self.name not in known:
            cursor.execute(self._prepare)
            known.add(self.name)
        cursor.execute(before + self._execute, params)
