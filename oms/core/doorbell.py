"""The doorbell: wakes a worker after commit. Work lives in Postgres, so a lost ring only costs time.

Requests never talk to Redis: they set a flag, one daemon thread per process publishes. Several rings
of the same task within `GAP_S` become one.
"""

import os
import threading
from collections import Counter

import structlog
from celery import current_app
from django.conf import settings
from django.db import transaction

GAP_S = 0.05
errors: Counter[str] = Counter()
rung: list[str] = []  # what was rung while publishing is off (tests look here)

log = structlog.get_logger(__name__)
_pending: set[str] = set()
_wake = threading.Event()
_guard = threading.Lock()
_thread_pid: int | None = None


def ring(task: str) -> None:
    """Wake `task` once the current transaction has committed."""
    transaction.on_commit(lambda: _enqueue(task), robust=True)


def _enqueue(task: str) -> None:
    if not settings.DOORBELL:
        rung.append(task)
        return
    _ensure_thread()
    _pending.add(task)
    _wake.set()


def _ensure_thread() -> None:
    global _thread_pid  # noqa: PLW0603 - one ringer per process, started again after a fork
    if _thread_pid == os.getpid():
        return
    with _guard:
        if _thread_pid != os.getpid():
            _thread_pid = os.getpid()
            threading.Thread(target=_publish_forever, name="doorbell", daemon=True).start()


def _publish_forever() -> None:
    pause = threading.Event()
    while True:
        _wake.wait()
        _wake.clear()
        while _pending:
            _publish(_pending.pop())
        pause.wait(GAP_S)


def _publish(task: str) -> None:
    try:
        current_app.send_task(task, retry=False, expires=60)
    except Exception as exc:  # noqa: BLE001 - the sweep finds the work; the bell must never harm
        errors[type(exc).__name__] += 1
        log.warning("doorbell_failed", task=task, error=type(exc).__name__)
