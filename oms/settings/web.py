"""Settings of what faces the network: middleware, log-in, API, logs, security headers."""

import os
from typing import Any

HTTPS = os.environ.get("OMS_HTTPS", "") == "1"

MIDDLEWARE = [
    "oms.core.middleware.RequestContextMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "oms.core.middleware.SecurityHeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "oms.core.middleware.SlashMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "oms.accounts.middleware.ActorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

# People
LOGIN_URL = "/log-in/"
LOGIN_REDIRECT_URL = "/"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SESSION_COOKIE_AGE = 12 * 3600  # from log-in, whatever happens in between
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "oms.web.views.csrf_failure"
CSRF_TRUSTED_ORIGINS = [
    origin for origin in os.environ.get("OMS_CSRF_TRUSTED_ORIGINS", "").split(",") if origin
]

# Transport. Behind a TLS proxy set OMS_HTTPS=1; OMS_TRUSTED_PROXIES is the number of proxies that
# append to X-Forwarded-For.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 365 * 86_400 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^metrics$"]
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
TRUSTED_PROXIES = int(os.environ.get("OMS_TRUSTED_PROXIES", "0"))
METRICS_TOKEN = os.environ.get("OMS_METRICS_TOKEN", "")
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000

# API
API_RATE_PER_S = float(os.environ.get("OMS_API_RATE_PER_S", "2000"))
API_BURST = float(os.environ.get("OMS_API_BURST", "4000"))
REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "oms.accounts.authentication.ApiKeyAuthentication",
        "oms.accounts.authentication.ApiSessionAuthentication",
    ],
    # Views of ours check their declared permission themselves; anything else is refused.
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAdminUser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "oms.web.api.schema.ApiSchema",
    "EXCEPTION_HANDLER": "oms.web.api.problems.exception_handler",
    "LIST_SERIALIZER_ERRORS_AS_DICT": True,
    "UNAUTHENTICATED_USER": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Order management API",
    "DESCRIPTION": (
        "Orders from capture to delivery and back. Every POST needs an `Idempotency-Key`; refusals"
        " are `application/problem+json` with a stable `code`."
    ),
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "oms.web.api.schema.document_problems",
    ],
}

# Outgoing webhooks. Private addresses only for development and tests.
WEBHOOK_ALLOW_PRIVATE = os.environ.get("OMS_WEBHOOK_ALLOW_PRIVATE", "") == "1"

# Logs: one JSON line each, to standard output.
LOGGING_CONFIG = "oms.core.logging.configure"
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "oms.core.logging.JsonFormatter"}},
    "handlers": {
        "stdout": {
            "class": "logging.StreamHandler",
            "stream": "ext://sys.stdout",
            "formatter": "json",
        },
    },
    "root": {"handlers": ["stdout"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "django.request": {"level": "ERROR"},
        "django.server": {"level": "WARNING"},
        "httpx": {"level": "WARNING"},
    },
}

# /admin. The theme needs a looser Content-Security-Policy: see oms.core.middleware.
UNFOLD = {"SITE_TITLE": "OMS", "SITE_HEADER": "OMS", "SHOW_HISTORY": False}
