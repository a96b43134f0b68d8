"""Settings, read from the environment; without any, they find the embedded servers under OMS_HOME."""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from oms.core.embedded import paths
from oms.settings.web import *

BASE_DIR = Path(__file__).resolve().parents[2]
OMS_HOME = Path(os.environ.get("OMS_HOME") or BASE_DIR / "var").resolve()

DEBUG = os.environ.get("OMS_DEBUG", "") == "1"
ALLOWED_HOSTS = os.environ.get("OMS_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]").split(",")

INSTALLED_APPS = [
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "oms.core",
    "oms.web",
    "oms.messaging",
    "oms.accounts",
    "inventory",
    "carriers",
    "orders",
    "fulfillment",
    "returns",
    "reporting",
]

AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ROOT_URLCONF = "oms.urls"
WSGI_APPLICATION = "oms.wsgi.application"
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en-us"
STATIC_URL = "/static/"
STATIC_ROOT = OMS_HOME / "static"


def database_from_url(url: str) -> dict[str, Any]:
    """Django's database dictionary from `postgresql://user:password@host:port/name?option=...`."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", None) or parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": False,
        "OPTIONS": {
            "options": (
                "-c lock_timeout=2000 -c idle_in_transaction_session_timeout=30000"
                f" -c statement_timeout={os.environ.get('OMS_STATEMENT_TIMEOUT_MS', '10000')}"
            ),
            **query,
        },
    }


TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# The doorbell publishes to Celery after commit; off in tests.
DOORBELL = True


def _secret_key() -> str:
    """From the environment, or made once and kept beside the data."""
    if key := os.environ.get("OMS_SECRET_KEY"):
        return key
    path = OMS_HOME / "secret_key"
    if not path.exists():
        OMS_HOME.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(f".{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(50))
        try:
            os.link(draft, path)  # the first of several processes wins
        except FileExistsError:
            pass
        draft.unlink()
    return path.read_text()


SECRET_KEY = _secret_key()

# Without addresses, everything connects to the embedded servers of this OMS_HOME.
DATABASE_URL = os.environ.get("DATABASE_URL") or paths.postgres_url(OMS_HOME)
REDIS_URL = os.environ.get("REDIS_URL") or paths.redis_url(OMS_HOME)
DATABASES = {"default": database_from_url(DATABASE_URL)}
