"""The books on disk: one JSON line per change, read back at the start."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any


class Journal:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._guard = threading.Lock()
        path.parent.mkdir(parents=True, exist_ok=True)

    def append(self, carrier: str, line: dict[str, Any]) -> None:
        plain = {key: value for key, value in line.items() if not key.startswith("_")}
        text = json.dumps({"carrier": carrier, **plain})
        with self._guard, self._path.open("a") as file:
            file.write(text + "\n")

    def read(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Every line; one that was cut short by a crash is left out."""
        if not self._path.exists():
            return
        for text in self._path.read_text().splitlines():
            try:
                line = json.loads(text)
            except ValueError:
                continue
            yield line.pop("carrier"), line

    def clear(self) -> None:
        with self._guard:
            self._path.unlink(missing_ok=True)
