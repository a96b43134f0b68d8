"""Settings of the test run: the throw-away servers of `oms.testservices`, nothing published."""

from oms.settings.base import *

SECRET_KEY = "a key for tests only, never used to keep a secret"  # noqa: S105
DOORBELL = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
