"""`import_orders FILE --preset online-retail`: past orders from a file, once each."""

import json
import sys
import threading
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from oms.core import jobs
from oms.core.actors import SYSTEM
from oms.core.errors import DomainError
from oms.core.jobstates import JobStatus
from oms.core.models import Job
from orders import actions
from orders.errors import ImportRunning
from orders.rules.import_presets import PRESETS

PATIENCE_S = 10  # a killed worker's connection finishes its statement before it lets go
PROGRESS_S = 2


class Command(BaseCommand):
    help = (
        "Take over past orders from a CSV file (.csv or .csv.gz). Run it again to go on after an"
        " interruption; orders that are here already are skipped. Prints a JSON summary."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--preset", choices=sorted(PRESETS), required=True)
        parser.add_argument("--channel", default="", help="code; the preset's own by default")
        parser.add_argument("--rejected", type=Path, help="where to list refused rows (CSV)")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            job = self._claim(options)
        except DomainError as exc:
            raise CommandError(exc.detail) from exc
        finished = threading.Event()
        if sys.stderr.isatty():
            threading.Thread(target=report, args=[job.pk, finished], daemon=True).start()
        jobs.run_claimed(job, at=timezone.now())
        finished.set()
        job = Job.objects.get(pk=job.pk)
        if job.status != JobStatus.SUCCEEDED:
            raise CommandError(
                f"Job {job.pk} is {job.status.lower()}: {job.last_error or 'it was stopped'}."
                " Run the command again to go on."
            )
        self.stdout.write(json.dumps(job.result, indent=1))

    def _claim(self, options: dict[str, Any]) -> Job:
        at = timezone.now()
        job = actions.start_import(
            path=options["file"],
            preset=PRESETS[options["preset"]],
            channel_code=options["channel"],
            rejected=options["rejected"],
            actor=SYSTEM,
            at=at,
        )
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                claimed = actions.claim_import(job_id=job.pk, at=at)
            except ImportRunning:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)
                continue
            if claimed is None:
                raise ImportRunning(f"Job {job.pk} has been taken by another worker.")
            return claimed


def report(job_id: int, finished: threading.Event) -> None:
    """Say how far the job is until it is finished."""
    while not finished.wait(PROGRESS_S):
        job = Job.objects.get(pk=job_id)
        sys.stderr.write(f"{job.done_count} of {job.total_count or '?'} invoices\n")
    connection.close()
