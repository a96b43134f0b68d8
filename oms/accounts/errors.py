"""What accounts refuses."""

from typing import ClassVar

from oms.core.errors import Conflict, DomainError, Invalid


class UnknownScope(Invalid):
    code, title = "unknown_scope", "There is no such permission"


class UnknownRole(Invalid):
    code, title = "unknown_role", "There is no such role"


class KeyNotUsable(Conflict):
    code, title = "api_key_not_usable", "The API key was revoked or has expired"


class LoginRefused(DomainError):
    code, status, title = "login_refused", 401, "The e-mail address or the password is not right"


class TooManyLogins(DomainError):
    code, status, title = "too_many_logins", 429, "Too many failed log-ins"
    retry_after_s: ClassVar[int] = 900
