"""Files of past orders: reading their lines, and writing the rows that were refused."""

import csv
import gzip
import hashlib
import os
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import TextIO

from orders.errors import ImportFileUnreadable
from orders.rules.import_presets import Preset
from orders.rules.importing import split_record


def fingerprint(path: Path) -> str:
    """SHA-256 of the file as it is on the disk."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as exc:
        raise ImportFileUnreadable(f"{path}: {exc.strerror}") from exc


@contextmanager
def open_lines(path: Path, encoding: str) -> Iterator[TextIO]:
    """The file as text; bytes that are no text come as surrogates, for the row to be refused.

    Raises:
        ImportFileUnreadable: it cannot be opened, or is not whole.
    """
    try:
        if path.suffix == ".gz":
            with gzip.open(path, "rt", encoding=encoding, errors="surrogateescape") as zipped:
                yield zipped  # type: ignore[misc]
        else:
            with path.open(encoding=encoding, errors="surrogateescape") as plain:
                yield plain
    except (EOFError, zlib.error, gzip.BadGzipFile) as exc:
        raise ImportFileUnreadable(f"{path}: the compressed file is damaged or cut off") from exc
    except OSError as exc:
        raise ImportFileUnreadable(f"{path}: {exc.strerror or exc}") from exc


def rejected_path(path: Path) -> Path:
    """Where the refused rows go when nobody says otherwise: beside the file."""
    return path.with_name(path.name.removesuffix(".gz").removesuffix(".csv") + ".rejected.csv")


def write_rejected(
    target: Path,
    source: Path,
    preset: Preset,
    problems: Iterator[tuple[int, str, str, str]],
) -> None:
    """Write (row, invoice, field, reason) by row, each with the row's own text behind it.

    The file appears whole or not at all.
    """
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    with open_lines(source, preset.encoding) as lines:
        try:
            with draft.open("w", encoding="utf-8", errors="surrogateescape", newline="") as out:
                header = split_record(next(lines), preset.delimiter) or []
                writer = csv.writer(out)
                writer.writerow(["row", "invoice", "field", "reason", *header])
                for row in _with_text(lines, preset, problems):
                    writer.writerow(row)
            draft.replace(target)
        except OSError as exc:
            raise ImportFileUnreadable(
                f"The rejected rows cannot be written to {target} ({exc.strerror});"
                " choose another place with --rejected."
            ) from exc
        finally:
            draft.unlink(missing_ok=True)


def _with_text(
    lines: TextIO, preset: Preset, problems: Iterator[tuple[int, str, str, str]]
) -> Iterator[Sequence[object]]:
    numbered = enumerate(lines, start=2)
    for row_no, group in groupby(problems, key=lambda problem: problem[0]):
        line = next(line for number, line in numbered if number == row_no)
        fields = split_record(line, preset.delimiter) or [line.rstrip("\r\n")]
        for problem in group:
            yield [*problem, *(field.replace("\x00", "") for field in fields)]


