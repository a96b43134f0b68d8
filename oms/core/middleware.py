"""What every request gets: an id, one log line, security headers."""

import re
import secrets
import time
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse
from django.middleware.common import CommonMiddleware

from oms.core.context import set_request_id

GetResponse = Callable[[HttpRequest], HttpResponse]

SAFE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}", re.ASCII)
API = "/api/"
DOCS = "/api/docs/"
ADMIN = "/admin/"
QUIET = ("/static/", "/healthz", "/metrics")

_BASE = (
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self';"
    " frame-ancestors 'none'"
)
STRICT_POLICY = _BASE
API_POLICY = "default-src 'none'; frame-ancestors 'none'"
# Swagger UI writes inline styles and inlined pictures; the admin theme also evaluates expressions.
DOCS_POLICY = f"{_BASE}; style-src 'self' 'unsafe-inline'; img-src 'self' data:"
ADMIN_POLICY = f"{DOCS_POLICY}; script-src 'self' 'unsafe-eval' 'unsafe-inline'"

log = structlog.get_logger(__name__)


class RequestContextMiddleware:
    """Gives the request its id (the caller's, when it is safe to log) and writes the access log.

    The line holds method, route, status, time and actor: no address, no query, no body.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        request_id = _request_id(request.META.get("HTTP_X_REQUEST_ID"))
        set_request_id(request_id)
        try:
            response = self.get_response(request)
            response["X-Request-Id"] = request_id
            if not request.path.startswith(QUIET) or response.status_code >= 500:
                _write_line(request, response.status_code, started)
            return response
        finally:
            set_request_id("")


def _request_id(given: str | None) -> str:
    if given is not None and SAFE_ID.fullmatch(given):
        return given
    return secrets.token_hex(16)


def _write_line(request: HttpRequest, status: int, started: float) -> None:
    match = request.resolver_match
    log.info(
        "request",
        method=request.method,
        route=match.route if match else "",
        status=status,
        ms=round((time.perf_counter() - started) * 1000, 1),
        actor=getattr(request, "caller_label", ""),
    )


class SecurityHeadersMiddleware:
    """The Content-Security-Policy of each part of the house, and no-store for what people see."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        headers = response.headers
        headers.setdefault("Content-Security-Policy", policy_for(request.path))
        headers.setdefault("Permissions-Policy", "geolocation=(), microphone=(), payment=()")
        headers.setdefault("Cache-Control", "no-store")
        return response


def policy_for(path: str) -> str:
    if path.startswith(DOCS):
        return DOCS_POLICY
    if path.startswith(API):
        return API_POLICY
    return ADMIN_POLICY if path.startswith(ADMIN) else STRICT_POLICY


class SlashMiddleware(CommonMiddleware):
    """Appends a missing slash for people; a program that leaves it out gets its 404."""

    def should_redirect_with_slash(self, request: HttpRequest) -> bool:
        return not request.path.startswith(API) and super().should_redirect_with_slash(request)
