"""Commands that a caller may repeat: key, effect and answer are committed together or not at all.

A refusal rolls back everything, the key included, so the same key may be tried again.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import OperationalError, connection, transaction

from oms.core.errors import Conflict, Invalid, is_busy
from oms.core.models import IdempotencyKey

KEEP = timedelta(days=30)


class KeyReused(Invalid):
    code, title = "idempotency_key_reused", "This Idempotency-Key was used for another request"


class KeyInProgress(Conflict):
    code, title = "idempotency_key_in_progress", "The first request with this key is still running"


@dataclass(frozen=True)
class Answer:
    status_code: int
    body: bytes


def fingerprint(*parts: bytes) -> bytes:
    """SHA-256 over the parts, each prefixed by its length so that no two lists look alike."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.digest()


def run_once(
    work: Callable[[], Answer], *, scope: str, key: str, request: bytes, at: datetime
) -> tuple[Answer, bool]:
    """Do `work` for the first request with this key, and repeat its answer for every later one.

    Returns the answer and whether it is a replay. `request` is the fingerprint of the request.

    Raises:
        KeyReused: the key belongs to a request with another content.
        KeyInProgress: the first request did not finish within the lock timeout.
    """
    key_sha256 = hashlib.sha256(key.encode()).digest()
    with transaction.atomic():
        if not _claim(scope, key_sha256, request, at):
            return _replay(scope, key_sha256, request), True
        answer = work()
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE core_idempotency_key SET status_code = %s, body = %s"
                " WHERE scope = %s AND key_sha256 = %s",
                [answer.status_code, answer.body, scope, key_sha256],
            )
    return answer, False


def _claim(scope: str, key_sha256: bytes, request: bytes, at: datetime) -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO core_idempotency_key (scope, key_sha256, fingerprint, created_at)"
                " VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING",
                [scope, key_sha256, request, at],
            )
            return bool(cursor.rowcount)
    except OperationalError as exc:
        if is_busy(exc):
            raise KeyInProgress from exc
        raise


def _replay(scope: str, key_sha256: bytes, request: bytes) -> Answer:
    row = IdempotencyKey.objects.get(scope=scope, key_sha256=key_sha256)
    if bytes(row.fingerprint) != request:
        raise KeyReused("Use a new Idempotency-Key for a request with another content.")
    assert row.status_code is not None
    assert row.body is not None
    return Answer(row.status_code, bytes(row.body))


def forget_expired(*, at: datetime) -> int:
    """Delete keys older than `KEEP`."""
    return IdempotencyKey.objects.filter(created_at__lt=at - KEEP).delete()[0]
