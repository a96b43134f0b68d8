"""The job that takes over a file: stage, load chunk by chunk, report. Each stage is kept with its effect."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from oms.core import jobs
from oms.core.actors import SYSTEM, Actor
from oms.core.jobs import JobRun
from oms.core.models import Job
from orders import queries
from orders.actions.importing.files import fingerprint, rejected_path, write_rejected
from orders.actions.importing.loading import create_missing_products, load_next_chunk
from orders.actions.importing.staging import clear_staging, stage_file
from orders.actions.master_data import put_channel
from orders.errors import ImportRunning
from orders.models import Channel, ImportInvoice, ImportRow
from orders.rules.import_presets import PRESETS, Preset

KIND = "orders.import"


@transaction.atomic
def start_import(
    *,
    path: Path,
    preset: Preset,
    channel_code: str = "",
    rejected: Path | None = None,
    actor: Actor,
    at: datetime,
) -> Job:
    """Queue the import of a file, or return the unfinished one of the same file into the same channel.

    Raises:
        ImportFileUnreadable: there is no such file.
    """
    code = channel_code or preset.channel
    sha256 = fingerprint(path)
    same = hashlib.sha256(f"{preset.code}|{code}|{sha256}".encode()).hexdigest()
    params = {
        "path": str(path.resolve()),
        "rejected": str((rejected or rejected_path(path)).absolute()),
        "preset": preset.code,
        "channel": code,
        "sha256": sha256,
        "at": at.isoformat(),
    }
    return jobs.enqueue(KIND, params=params, dedupe_key=same, actor=actor, at=at)


def claim_import(*, job_id: int, at: datetime) -> Job | None:
    """Claim an import now, also one whose worker died a moment ago.

    A worker holds a lock as long as its connection lives, so a free lock means that nobody works on it.

    Raises:
        ImportRunning: its worker is alive.
    """
    with _only_worker(job_id):
        jobs.expire_lease(job_id=job_id)
        due = Job.objects.get(pk=job_id).run_at
        return jobs.claim(at=max(at, due), kind=KIND, job_id=job_id)


@contextmanager
def _only_worker(job_id: int) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s), %s)", [KIND, job_id])
        if not cursor.fetchone()[0]:
            raise ImportRunning(f"Another process is working on this import (job {job_id}).")
    try:
        yield
    finally:
        if connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtext(%s), %s)", [KIND, job_id])


@jobs.runner(KIND)
def run_import(run: JobRun) -> Mapping[str, Any]:
    """Do what is left of an import; every step commits together with the place to go on from."""
    with _only_worker(run.job.pk):
        if "summary" in run.state:
            return dict(run.state["summary"])
        preset = PRESETS[run.params["preset"]]
        channel = _channel(preset, run.params["channel"])
        if not _is_staged(run):
            stage_file(run, Path(run.params["path"]), preset)
        create_missing_products(run, preset)
        at = datetime.fromisoformat(run.params["at"])
        while load_next_chunk(run, channel, actor=_actor(run), at=at):
            pass
        return _finish(run, preset)


def _is_staged(run: JobRun) -> bool:
    """Staged, and still there: the tables are empty after a crash of the database server."""
    rows = ImportRow.objects.filter(job_id=run.job.pk)
    return run.state.get("stage") == "load" and (not run.state["file_rows"] or rows.exists())


def _channel(preset: Preset, code: str) -> Channel:
    return Channel.objects.filter(code=code).first() or put_channel(
        code=code,
        name=preset.channel_name if code == preset.channel else code,
        currency=preset.currency,
        timezone=preset.timezone,
    )


def _actor(run: JobRun) -> Actor:
    if run.job.actor_id is None:
        return SYSTEM
    return Actor(kind=type(SYSTEM.kind)(run.job.actor_kind), id=run.job.actor_id)


def _finish(run: JobRun, preset: Preset) -> Mapping[str, Any]:
    """Write the refused rows, add up what is in the database now, and empty the staging tables."""
    job_id = run.job.pk
    rejected = ImportInvoice.objects.filter(job_id=job_id, outcome="REJECTED").exists()
    bad = ImportRow.objects.filter(job_id=job_id, problems__isnull=False).exists()
    target = Path(run.params["rejected"]) if rejected or bad else None
    if target:
        problems = queries.iter_import_problems(job_id)
        write_rejected(target, Path(run.params["path"]), preset, problems)
    summary = {
        "job": job_id,
        "preset": preset.code,
        "channel": run.params["channel"],
        **queries.summarize_import(job_id, preset),
        "rejected_file": str(target) if target else None,
    }
    with transaction.atomic():
        clear_staging(job_id)
        run.checkpoint(done=run.job.total_count or summary["invoices"], summary=summary)
    return summary
