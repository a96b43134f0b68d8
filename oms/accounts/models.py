"""People who log in."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(
            email, password, is_staff=True, is_superuser=True, roles=["admin"], **fields
        )


class User(AbstractBaseUser, PermissionsMixin):
    """A person. Roles give permissions; `channel_ids` and `site_ids` limit what is seen (null = all)."""

    email = models.EmailField(unique=True)
    display_name = models.CharField(max_length=120, default="", blank=True)
    timezone = models.CharField(max_length=64, default="UTC")
    roles = ArrayField(models.CharField(max_length=32), default=list, blank=True)
    channel_ids = ArrayField(models.BigIntegerField(), null=True, blank=True)
    site_ids = ArrayField(models.BigIntegerField(), null=True, blank=True)
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.display_name or f"user {self.pk}"
