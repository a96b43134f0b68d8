"""Reading one row of a file of past orders: a clean row, or everything that is wrong with it.

A record is one physical line; a quoted field cannot hold a line break, so that one lost quote spoils one
row and not the rest of the file.
"""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from oms.core.money import round_money
from orders.rules.import_presets import FIELDS, Preset

MAX_QUANTITY = 2**31 - 1
MAX_TOTAL = Decimal("9999999999")
MAX_LINES = 32_767
MAX_TEXT = {"invoice": 64, "sku": 64, "customer": 64}
NAME_LENGTH = 200

_INTEGER = re.compile(r"[+-]?\d{1,12}", re.ASCII)
_PRICE = re.compile(r"[+-]?\d{1,10}(\.\d{1,4})?", re.ASCII)
_UNREADABLE = re.compile("[\x00\ud800-\udfff]")


class Problem(NamedTuple):
    """What is wrong with one field, in words."""

    field: str
    reason: str


class HeaderProblem(Exception):
    """The header does not name the columns that the preset needs."""


class Row(NamedTuple):
    """One good row. `price` keeps its sign only on amounts that were corrected without goods moving."""

    invoice: str
    sku: str
    name: str
    quantity: int
    placed_at: str
    price: Decimal
    total: Decimal
    customer: str
    country: str


@dataclass(frozen=True)
class BadRow:
    """A row that cannot be taken; the invoice as far as it can be told."""

    invoice: str
    problems: tuple[Problem, ...]


def split_record(line: str, delimiter: str = ",") -> list[str] | None:
    """The fields of one line, or None when its quotes do not match."""
    line = line.rstrip("\r\n")
    if '"' not in line:
        return line.split(delimiter)
    try:
        return next(csv.reader([line], delimiter=delimiter, strict=True))
    except csv.Error:
        return None


class RowReader:
    """Reads the lines of a file with one header."""

    def __init__(self, preset: Preset, header: str) -> None:
        self.preset = preset
        self.header = split_record(header, preset.delimiter) or []
        self._at = find_columns(preset, self.header)
        self._invoice_at = self._at[FIELDS.index("invoice")]

    def read(self, line: str) -> Row | BadRow:
        fields = split_record(line, self.preset.delimiter)
        if fields is None:
            guess = line.split(self.preset.delimiter)
            return self._bad(guess, Problem("row", "a quote is opened and not closed"))
        if len(fields) != len(self.header):
            reason = f"{len(fields)} columns instead of {len(self.header)}"
            return self._bad(fields, Problem("row", reason))
        if not line.isascii() and _UNREADABLE.search(line) or "\x00" in line:
            encoding = self.preset.encoding.removesuffix("-sig")
            return self._bad(fields, Problem("row", f"has bytes that are not {encoding} text"))
        values = [fields[index].strip() for index in self._at]
        row = parse_values(values, self.preset)
        return row if isinstance(row, Row) else self._bad(fields, *row)

    def _bad(self, fields: Sequence[str], *problems: Problem) -> BadRow:
        known = len(fields) > self._invoice_at
        invoice = fields[self._invoice_at].strip().strip('"') if known else ""
        return BadRow(_UNREADABLE.sub("?", invoice)[: MAX_TEXT["invoice"]], problems)


def find_columns(preset: Preset, header: Sequence[str]) -> list[int]:
    """Where each of our fields stands; further columns are allowed and not read.

    Raises:
        HeaderProblem: a column is missing, or is there twice.
    """
    names = [name.strip() for name in header]
    found, missing = [], []
    for field in FIELDS:
        places = [index for index, name in enumerate(names) if name in preset.columns[field]]
        if len(places) > 1:
            raise HeaderProblem(f"The column {names[places[0]]} is in the header more than once.")
        if places:
            found.append(places[0])
        else:
            missing.append(" or ".join(preset.columns[field]))
    if missing:
        raise HeaderProblem(
            f"The header has no column {', no column '.join(missing)};"
            f" its columns are: {', '.join(names)}."
        )
    return found


def parse_values(values: Sequence[str], preset: Preset) -> Row | list[Problem]:
    """The values of one row, in the order of `FIELDS`."""
    invoice, sku, name, quantity_text, placed_text, price_text, customer, country_text = values
    placed_at = parse_time(placed_text, preset.time_formats, preset.timezone)
    country = preset.countries.get(country_text)
    if not (
        0 < len(invoice) <= MAX_TEXT["invoice"]
        and 0 < len(sku) <= MAX_TEXT["sku"]
        and len(customer) <= MAX_TEXT["customer"]
        and placed_at
        and country
        and _INTEGER.fullmatch(quantity_text)
        and _PRICE.fullmatch(price_text)
    ):
        return list_problems(values, preset)
    quantity, price = int(quantity_text), Decimal(price_text)
    total = quantity * price
    if quantity == 0 or abs(quantity) > MAX_QUANTITY or (quantity < 0 and price < 0):
        return list_problems(values, preset)
    if abs(total) > MAX_TOTAL:
        return [Problem("price", f"quantity times price is more than {MAX_TOTAL}")]
    total = round_money(total, preset.currency)
    return Row(
        invoice, sku, name[:NAME_LENGTH], quantity, placed_at, price, total, customer, country
    )


def list_problems(values: Sequence[str], preset: Preset) -> list[Problem]:
    """Everything that is wrong with the fields of one row."""
    text = dict(zip(FIELDS, values, strict=True))
    problems = [Problem(name, "is missing") for name in ("invoice", "sku") if not text[name]]
    for name, limit in MAX_TEXT.items():
        if len(text[name]) > limit:
            problems.append(Problem(name, f"is longer than {limit} characters"))
    problems += _quantity_problems(text["quantity"])
    if not parse_time(text["placed_at"], preset.time_formats, preset.timezone):
        problems.append(Problem("placed_at", f"is not a date: {text['placed_at']!r}"))
    if not _PRICE.fullmatch(text["price"]):
        reason = f"is not a price with at most 4 decimals: {text['price']!r}"
        problems.append(Problem("price", reason))
    elif not problems and int(text["quantity"]) < 0 and Decimal(text["price"]) < 0:
        problems.append(Problem("price", "quantity and price are both negative"))
    if text["country"] not in preset.countries:
        problems.append(Problem("country", f"is not a known country: {text['country']!r}"))
    return problems


def _quantity_problems(text: str) -> list[Problem]:
    if not _INTEGER.fullmatch(text):
        return [Problem("quantity", f"is not a whole number: {text!r}")]
    if int(text) == 0:
        return [Problem("quantity", "is zero")]
    if abs(int(text)) > MAX_QUANTITY:
        return [Problem("quantity", f"is more than {MAX_QUANTITY}")]
    return []


@lru_cache(maxsize=4096)
def parse_time(text: str, formats: tuple[str, ...], timezone: str) -> str:
    """A local time as UTC; empty when it is no time in any of the formats.

    Of the two times that the end of summer time makes, the first is meant.
    """
    for form in formats:
        try:
            local = datetime.strptime(text, form).replace(tzinfo=ZoneInfo(timezone))
            return local.astimezone(UTC).isoformat(sep=" ")
        except (ValueError, OverflowError):
            continue
    return ""
