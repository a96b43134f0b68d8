"""Refusals. Every one has a stable code, an HTTP status and a sentence; interfaces only translate them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db import OperationalError


@dataclass(frozen=True)
class FieldError:
    """One bad field: `pointer` is a JSON pointer into the request body, `detail` says what to do."""

    pointer: str
    code: str
    detail: str


class DomainError(Exception):
    """What was asked cannot be done, and nothing was changed."""

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 409
    title: ClassVar[str] = "The request was refused"

    def __init__(
        self, detail: str = "", *, errors: Sequence[FieldError] = (), **context: Any
    ) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.errors = tuple(errors)
        self.context = context


class Malformed(DomainError):
    code, status, title = "malformed", 400, "The request could not be read"


class PermissionRefused(DomainError):
    code, status, title = "permission_refused", 403, "You may not do this"


class NotFound(DomainError):
    code, status, title = "not_found", 404, "There is no such thing"


class Conflict(DomainError):
    code, status, title = "conflict", 409, "The request conflicts with the current state"


class TransitionNotAllowed(Conflict):
    code, title = "transition_not_allowed", "This step is not possible in the current state"


class Invalid(DomainError):
    code, status, title = "invalid", 422, "The request has values that cannot be accepted"


class Unavailable(DomainError):
    code, status, title = "unavailable", 503, "Try again in a moment"
    retry_after_s: ClassVar[int] = 1


class Busy(Unavailable):
    """Somebody else holds the rows; nothing was changed and the same call may simply be made again."""

    code, title = "busy", "Somebody else is working on this right now"


# lock_not_available, deadlock_detected, serialization_failure, query_canceled (statement_timeout)
BUSY_SQLSTATES = frozenset({"55P03", "40P01", "40001", "57014"})


def is_busy(exc: BaseException) -> bool:
    cause = exc.__cause__
    return isinstance(exc, OperationalError) and getattr(cause, "pgcode", None) in BUSY_SQLSTATES


@contextmanager
def db_busy() -> Iterator[None]:
    """Turn lock timeouts, deadlocks and serialization failures into `Busy`."""
    try:
        yield
    except OperationalError as exc:
        if is_busy(exc):
            raise Busy from exc
        raise
