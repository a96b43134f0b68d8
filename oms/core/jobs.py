"""Jobs: long work with progress, cancel, and a restart that goes on where it stopped.

A worker claims a due job with a lease on the database clock. `JobRun.checkpoint` commits progress,
extends the lease and notices a cancel; it belongs inside the transaction of the work it reports.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import connection, transaction

from oms.core.actors import Actor
from oms.core.errors import Conflict, DomainError, NotFound
from oms.core.jobstates import JobStatus
from oms.core.models import Job

LEASE = timedelta(minutes=2)
RETRY_AFTER = timedelta(seconds=30)

log = structlog.get_logger(__name__)
_runners: dict[str, Callable[["JobRun"], Mapping[str, Any]]] = {}


class JobCancelled(DomainError):
    code, title = "job_cancelled", "The job was cancelled"


class LeaseLost(Conflict):
    code, title = "job_lease_lost", "Another worker has taken this job over"


def runner(kind: str) -> Callable[..., Any]:
    """Register `function(run) -> result` as the work of one kind of job."""

    def register(function: Callable[["JobRun"], Mapping[str, Any]]) -> Any:
        _runners[kind] = function
        return function

    return register


class JobRun:
    """A claimed job in the hands of its runner."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.params: dict[str, Any] = job.params
        self.state: dict[str, Any] = dict(job.state)

    def checkpoint(self, *, done: int, total: int | None = None, **state: Any) -> None:
        """Store progress; must run in the transaction of the work it covers.

        Raises:
            JobCancelled: somebody asked for a cancel; the caller's transaction rolls back.
            LeaseLost: another worker owns the job now; nothing of this step is kept.
        """
        self.state.update(state)
        updated = Job.objects.filter(
            pk=self.job.pk, lease_token=self.job.lease_token, status=JobStatus.RUNNING
        ).update(
            done_count=done,
            total_count=total if total is not None else self.job.total_count,
            state=self.state,
            lease_until=_db_now() + LEASE,
        )
        if not updated:
            raise LeaseLost
        if Job.objects.filter(pk=self.job.pk, cancel_requested_at__isnull=False).exists():
            raise JobCancelled


def enqueue(
    kind: str, *, params: Mapping[str, Any], dedupe_key: str = "", actor: Actor, at: datetime
) -> Job:
    """Queue a job; with a `dedupe_key`, the live job of that key is returned instead of a second one."""
    if kind not in _runners:
        raise NotFound(f"There is no job of the kind {kind}.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"job:{kind}:{dedupe_key}"])
    if dedupe_key:
        live = Job.objects.filter(
            kind=kind, dedupe_key=dedupe_key, status__in=[JobStatus.QUEUED, JobStatus.RUNNING]
        ).first()
        if live:
            return live
    return Job.objects.create(
        kind=kind,
        dedupe_key=dedupe_key,
        params=dict(params),
        run_at=at,
        created_at=at,
        actor_kind=actor.kind.value,
        actor_id=actor.id,
    )


def request_cancel(*, job_id: int, at: datetime) -> None:
    """Ask a job to stop at its next checkpoint; a queued one is cancelled at once."""
    with transaction.atomic():
        job = Job.objects.select_for_update().filter(pk=job_id).first()
        if job is None:
            raise NotFound(f"There is no job {job_id}.")
        if job.status == JobStatus.QUEUED:
            job.transition_to(JobStatus.CANCELLED, at=at)
        elif job.status == JobStatus.RUNNING:
            Job.objects.filter(pk=job_id).update(cancel_requested_at=at)


def run_due(*, at: datetime, kind: str | None = None) -> int:
    """Claim and run due jobs, one after the other; returns how many ran."""
    count = 0
    while (job := claim(at=at, kind=kind)) is not None:
        run_claimed(job, at=at)
        count += 1
    return count


def claim(*, at: datetime, kind: str | None = None, job_id: int | None = None) -> Job | None:
    """Take the next due job, or one whose worker has not reported within its lease."""
    with transaction.atomic():
        due = Job.objects.select_for_update(skip_locked=True).filter(
            status__in=[JobStatus.QUEUED, JobStatus.RUNNING], run_at__lte=at
        )
        due = due.exclude(status=JobStatus.RUNNING, lease_until__gt=_db_now())
        if kind:
            due = due.filter(kind=kind)
        if job_id:
            due = due.filter(pk=job_id)
        job = due.order_by("run_at", "pk").first()
        if job is None:
            return None
        if job.attempts >= job.max_attempts:
            _close(job, JobStatus.FAILED, at=at, error=job.last_error or "gave up after retries")
            return claim(at=at, kind=kind, job_id=job_id)
        if job.status == JobStatus.QUEUED:
            job.transition_to(JobStatus.RUNNING, at=at)
        job.attempts += 1
        job.lease_token += 1
        job.lease_until = _db_now() + LEASE
        job.save(update_fields=["attempts", "lease_token", "lease_until"])
        return job


def expire_lease(*, job_id: int) -> None:
    """Let a running job be claimed at once, for a caller who knows that its worker is dead."""
    Job.objects.filter(pk=job_id, status=JobStatus.RUNNING).update(lease_until=_db_now())


def run_claimed(job: Job, *, at: datetime) -> None:
    """Run one claimed job to its end, or put it back for a retry."""
    try:
        result = _runners[job.kind](JobRun(job))
    except JobCancelled:
        _end(job, JobStatus.CANCELLED, at=at)
    except LeaseLost:
        log.warning("job_lease_lost", job_id=job.pk, kind=job.kind)
    except DomainError as exc:
        _end(job, JobStatus.FAILED, at=at, error=f"{exc.code}: {exc.detail}")
    except Exception as exc:  # noqa: BLE001 - a crash of the work is a retry of the job
        log.exception("job_crashed", job_id=job.pk, kind=job.kind)
        _retry(job, at=at, error=type(exc).__name__)
    else:
        _end(job, JobStatus.SUCCEEDED, at=at, result=result)


def _end(
    job: Job,
    status: JobStatus,
    *,
    at: datetime,
    result: Mapping[str, Any] | None = None,
    error: str = "",
) -> None:
    with transaction.atomic():
        current = Job.objects.select_for_update().get(pk=job.pk)
        if current.lease_token == job.lease_token and current.status == JobStatus.RUNNING:
            _close(current, status, at=at, result=result, error=error)


def _close(
    job: Job,
    status: JobStatus,
    *,
    at: datetime,
    result: Mapping[str, Any] | None = None,
    error: str = "",
) -> None:
    Job.objects.filter(pk=job.pk).update(
        last_error=error, result=dict(result or {}), finished_at=at, lease_until=None
    )
    if job.status == JobStatus.QUEUED:
        job.transition_to(JobStatus.RUNNING, at=at)
    job.last_error = error
    job.transition_to(status, at=at)


def _retry(job: Job, *, at: datetime, error: str) -> None:
    with transaction.atomic():
        current = Job.objects.select_for_update().get(pk=job.pk)
        if current.lease_token != job.lease_token or current.status != JobStatus.RUNNING:
            return
        if current.attempts >= current.max_attempts:
            _close(current, JobStatus.FAILED, at=at, error=error)
            return
        current.transition_to(JobStatus.QUEUED, at=at)
        Job.objects.filter(pk=job.pk).update(
            last_error=error, run_at=at + RETRY_AFTER, lease_until=None
        )


def _db_now() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]  # type: ignore[no-any-return]
