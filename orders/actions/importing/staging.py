"""From the file to the staging tables: rows by COPY, invoices by one statement."""

import io
import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from django.db import connection, transaction

from oms.core.jobs import JobRun
from orders.actions.importing.files import open_lines
from orders.errors import ImportHeaderWrong
from orders.models import ImportInvoice, ImportRow
from orders.rules.import_presets import Preset
from orders.rules.importing import MAX_LINES, BadRow, HeaderProblem, Problem, Row, RowReader

BLOCK = 20_000
COPY_ROWS = (
    "COPY orders_importrow (job_id, row_no, invoice_no, position, invoice, sku, name, quantity,"
    " unit_price_amount, total_amount, placed_at, customer_ref, country, problems) FROM STDIN"
)

# One statement decides about every invoice. Two times in one invoice: the earliest counts. The name of a
# product is not part of the order, so it is not part of its content either.
GROUP = """
INSERT INTO orders_importinvoice (job_id, invoice_no, external_ref, kind, customer_ref, country,
       placed_at, line_count, total_amount, content_sha256, outcome, problem_field, problem)
SELECT %(job_id)s, invoice_no, external_ref, CASE WHEN credit THEN 'CREDIT' ELSE 'SALE' END,
       customer_ref, country, placed_at, line_count, coalesce(total_amount, 0), content_sha256,
       CASE WHEN bad_rows THEN 'REJECTED' WHEN rule IS NULL THEN 'PENDING' ELSE 'REJECTED' END,
       CASE WHEN bad_rows THEN 'invoice' ELSE coalesce(rule[1], '') END,
       CASE WHEN bad_rows THEN 'another row of this invoice is wrong' ELSE coalesce(rule[2], '') END
  FROM (
    SELECT *, CASE
           WHEN low < 0 AND high > 0
           THEN ARRAY['quantity', 'the invoice has positive and negative quantities']
           WHEN total_amount < 0 AND high > 0 AND high_price >= 0
           THEN ARRAY['price', 'the invoice has a negative total, but not all its prices are negative']
           WHEN abs(total_amount) > 9999999999
           THEN ARRAY['price', 'the total of the invoice is more than 9999999999']
           WHEN many_customers THEN ARRAY['customer', 'the invoice has more than one customer']
           WHEN many_countries THEN ARRAY['country', 'the invoice has more than one country']
           END AS rule,
           high < 0 OR total_amount < 0 AS credit
      FROM (
        SELECT invoice_no, min(invoice) AS external_ref, min(customer_ref) AS customer_ref,
               min(country) AS country, min(placed_at) AS placed_at, count(*) AS line_count,
               sum(total_amount) AS total_amount, coalesce(min(quantity), 0) AS low,
               coalesce(max(quantity), 0) AS high, coalesce(max(unit_price_amount), 0) AS high_price,
               min(customer_ref) <> max(customer_ref) AS many_customers,
               min(country) <> max(country) AS many_countries,
               bool_or(problems IS NOT NULL) AS bad_rows,
               sha256(convert_to(string_agg(
                   concat_ws('|', sku, quantity, trim_scale(unit_price_amount), customer_ref,
                             country, extract(epoch FROM placed_at)::bigint),
                   E'\\n' ORDER BY position), 'UTF8')) AS content_sha256
          FROM orders_importrow
         WHERE job_id = %(job_id)s AND invoice_no > 0
         GROUP BY invoice_no) AS grouped) AS judged
 ORDER BY invoice_no
"""


def stage_file(run: JobRun, path: Path, preset: Preset) -> None:
    """Read the whole file into the staging tables, all or nothing."""
    with transaction.atomic():
        clear_staging(run.job.pk)
        with open_lines(path, preset.encoding) as lines:
            rows = StagedRows(run.job.pk, _reader(lines.readline(), preset))
            _copy(rows.of(lines))
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL work_mem = '64MB'")
            cursor.execute(GROUP, {"job_id": run.job.pk})
            cursor.execute("RESET work_mem")
            cursor.execute("ANALYZE orders_importrow, orders_importinvoice")
        run.checkpoint(
            done=0, total=len(rows.invoices), stage="load", after=0, file_rows=rows.count
        )


def clear_staging(job_id: int) -> None:
    ImportRow.objects.filter(job_id=job_id).delete()
    ImportInvoice.objects.filter(job_id=job_id).delete()


def _reader(header: str, preset: Preset) -> RowReader:
    try:
        return RowReader(preset, header)
    except HeaderProblem as exc:
        raise ImportHeaderWrong(str(exc)) from exc


class StagedRows:
    """Numbers invoices and their lines while the rows pass by."""

    def __init__(self, job_id: int, reader: RowReader) -> None:
        self.job_id = job_id
        self.reader = reader
        self.count = 0
        self.invoices: dict[str, list[int]] = {}  # invoice -> [its number, lines so far]

    def of(self, lines: Iterator[str]) -> Iterator[str]:
        """The rows in COPY's text format."""
        read, job_id = self.reader.read, self.job_id
        for row_no, line in enumerate(lines, start=2):
            self.count += 1
            row = read(line)
            number, position = self._place(row.invoice)
            start = f"{job_id}\t{row_no}\t{number}\t{position}\t{escape(row.invoice)}\t"
            if isinstance(row, Row) and position <= MAX_LINES:
                yield (
                    f"{start}{escape(row.sku)}\t{escape(row.name)}\t{row.quantity}\t{row.price}\t"
                    f"{row.total}\t{row.placed_at}\t{escape(row.customer)}\t{row.country}\t\\N\n"
                )
            else:
                problems = escape(json.dumps(_problems(row)))
                yield f"{start}\t\t\\N\t\\N\t\\N\t\\N\t\t\t{problems}\n"

    def _place(self, invoice: str) -> tuple[int, int]:
        if not invoice:
            return 0, 0
        known = self.invoices.get(invoice)
        if known is None:
            known = self.invoices[invoice] = [len(self.invoices) + 1, 0]
        known[1] += 1
        return known[0], known[1]


def _problems(row: Row | BadRow) -> tuple[Problem, ...]:
    if isinstance(row, BadRow):
        return row.problems
    return (Problem("invoice", f"the invoice has more than {MAX_LINES} lines"),)


def escape(text: str) -> str:
    """Text as COPY wants it; a line never holds a line feed, but may hold the others."""
    if "\\" in text or "\t" in text or "\r" in text:
        return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\r", "\\r")
    return text


def _copy(rows: Iterator[str]) -> None:
    with connection.cursor() as cursor:
        while block := "".join(islice(rows, BLOCK)):
            cursor.copy_expert(COPY_ROWS, io.StringIO(block))
