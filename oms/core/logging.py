"""One JSON line per log record, with the request id and without personal data.

An exception is logged as its type and the places it went through, never its message: a database
error quotes the row that it is about.
"""

import logging
import logging.config
import sys
import traceback
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any

import structlog

from oms.core.context import current_request_id

Fields = MutableMapping[str, Any]
MAX_FRAMES = 30


def configure(config: dict[str, Any]) -> None:
    """Django's LOGGING_CONFIG: structlog writes directly, everybody else through the same format."""
    logging.config.dictConfig(config)
    structlog.configure(
        processors=[*COMMON, structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stdout),
        cache_logger_on_first_use=True,
    )


def add_request_id(_logger: Any, _method: str, fields: Fields) -> Fields:
    request_id = current_request_id()
    if request_id:
        fields["request_id"] = request_id
    return fields


def explain_exception(_logger: Any, _method: str, fields: Fields) -> Fields:
    """Replace `exc_info` by the exception's type and its stack of places."""
    exc_info = fields.pop("exc_info", None)
    exception = _exception(exc_info)
    if exception is not None:
        fields["exception"] = " < ".join(_causes(exception))
        fields["stack"] = _places(exception.__traceback__)
    return fields


def hide_address(_logger: Any, _method: str, fields: Fields) -> Fields:
    """Django's own request log quotes the address; our access log has the route instead."""
    if fields.get("logger") == "django.request":
        fields["event"] = "http_error"
        fields.pop("positional_args", None)
    return fields


def _exception(exc_info: Any) -> BaseException | None:
    if isinstance(exc_info, BaseException):
        return exc_info
    if isinstance(exc_info, tuple):
        return exc_info[1]
    return sys.exception() if exc_info else None


def _causes(exception: BaseException) -> list[str]:
    names: list[str] = []
    current: BaseException | None = exception
    while current is not None and len(names) < 5:
        code = getattr(current, "pgcode", None)
        names.append(type(current).__qualname__ + (f"[{code}]" if code else ""))
        current = current.__cause__ or current.__context__
    return names


def _places(trace: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(trace)[-MAX_FRAMES:]
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]


COMMON: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    add_request_id,
    explain_exception,
]


class JsonFormatter(structlog.stdlib.ProcessorFormatter):
    """The same line for records of the standard library's loggers."""

    def __init__(self) -> None:
        super().__init__(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, hide_address, *COMMON],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
