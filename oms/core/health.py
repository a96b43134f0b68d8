"""Is this process fit to serve, and what would an operator want to know? Answered from Postgres."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, TimeoutError
from dataclasses import dataclass, field
from threading import Lock

import structlog
from django.db import connection

from oms.core import doorbell

PING_TIMEOUT_S = 1.0

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Sample:
    """One figure: name, value and labels; `kind` is counter or gauge."""

    name: str
    value: float
    help: str
    labels: Mapping[str, str] = field(default_factory=dict)
    kind: str = "gauge"


Metric = Callable[[], Iterable[Sample]]
_metrics: list[Metric] = []


def metric(function: Metric) -> Metric:
    """Add a function's samples to /metrics. Call it from the `ready` of the app that owns the table."""
    if function not in _metrics:
        _metrics.append(function)
    return function


class DatabasePing:
    """Asks Postgres in a thread of its own: a hung server must not hang the answer.

    While one ping hangs, every further call says no at once.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._executor: ThreadPoolExecutor | None = None
        self._waiting: Future[bool] | None = None

    def __call__(self, timeout_s: float = PING_TIMEOUT_S) -> bool:
        with self._lock:
            if self._waiting is None or self._waiting.done():
                if self._executor is None:
                    self._executor = ThreadPoolExecutor(1, thread_name_prefix="ping")
                self._waiting = self._executor.submit(_ping)
            waiting = self._waiting
        try:
            return waiting.result(timeout_s)
        except TimeoutError:
            return False


def _ping() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return cursor.fetchone() == (1,)
    except Exception as exc:  # noqa: BLE001 - whatever it is, the answer is no
        log.warning("ping_failed", error=type(exc).__name__)
        return False
    finally:
        connection.close()


database_answers = DatabasePing()


def exposition() -> str:
    """All samples in the Prometheus text format; a function that fails is counted, not fatal."""
    lines: list[str] = []
    described: set[str] = set()
    for sample in _collect():
        if sample.name not in described:
            described.add(sample.name)
            lines += [f"# HELP {sample.name} {sample.help}", f"# TYPE {sample.name} {sample.kind}"]
        lines.append(f"{sample.name}{_labels(sample.labels)} {sample.value:g}")
    return "\n".join(lines) + "\n"


def _collect() -> list[Sample]:
    samples: list[Sample] = []
    failed = 0
    for function in _metrics:
        try:
            samples += function()
        except Exception as exc:  # noqa: BLE001 - one bad figure must not hide the others
            failed += 1
            log.error("metric_failed", metric=function.__qualname__, exc_info=exc)
    samples.append(Sample("oms_metrics_failed", failed, "Metric functions that raised"))
    return sorted(samples, key=lambda sample: sample.name)


def _labels(labels: Mapping[str, str]) -> str:
    if not labels:
        return ""
    parts = ",".join(f'{name}="{_escape(value)}"' for name, value in labels.items())
    return f"{{{parts}}}"


def _escape(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


@metric
def kernel_samples() -> Iterator[Sample]:
    """Events that wait, jobs, and how often the doorbell could not ring."""
    yield from _waiting_events()
    yield from _jobs()
    for error, count in sorted(doorbell.errors.items()):
        yield Sample(
            "oms_doorbell_errors_total",
            count,
            "Rings that failed in this process",
            {"error": error},
            "counter",
        )


def _waiting_events() -> Iterator[Sample]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), coalesce(extract(epoch FROM clock_timestamp() - min(at)), 0),"
            " count(*) FILTER (WHERE attempts > 0) FROM core_event WHERE delivered_at IS NULL"
        )
        waiting, oldest_s, failing = cursor.fetchone()
    yield Sample("oms_events_undelivered", waiting, "Events that wait for their handlers")
    yield Sample("oms_events_oldest_seconds", float(oldest_s), "Age of the oldest waiting event")
    yield Sample("oms_events_failing", failing, "Waiting events whose handler has failed")


def _jobs() -> Iterator[Sample]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind, status, count(*) FROM core_job GROUP BY kind, status")
        rows = cursor.fetchall()
    for kind, status, count in rows:
        yield Sample("oms_jobs", count, "Jobs by kind and status", {"kind": kind, "status": status})
