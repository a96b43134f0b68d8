"""Secrets that must be readable again (carrier passwords, signing keys), encrypted at rest."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

from oms.core.errors import DomainError


class SecretUnreadable(DomainError):
    code, status = "secret_unreadable", 500
    title = "A stored secret cannot be read with the present key"


def _fernet() -> Fernet:
    digest = hashlib.sha256(b"oms.secrets:" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))


def seal(text: str) -> str:
    return _fernet().encrypt(text.encode()).decode()


def unseal(token: str) -> str:
    try:
        return _fernet().decrypt(token.encode()).decode()
    except InvalidToken as exc:
        raise SecretUnreadable from exc
