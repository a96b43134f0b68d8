"""People who log in, keys that programs use, failed log-ins."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q


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

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").lower())


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


class ApiKey(models.Model):
    """A program's access: a public prefix, the hash of its secret, and what it may do and see.

    `client` names the program and stays the same when its key is rotated.
    """

    client = models.CharField(max_length=16)
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=16, unique=True)
    secret_sha256 = models.BinaryField(max_length=32)
    channel_id = models.BigIntegerField(null=True, help_text="The one channel it sees; null = all")
    site_ids = ArrayField(models.BigIntegerField(), null=True, help_text="null = all")
    scopes = ArrayField(models.CharField(max_length=64), default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "API key"
        indexes = [models.Index(fields=["client"], name="api_key_client")]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__isnull=True) | Q(expires_at__gt=models.F("created_at")),
                name="api_key_expires_after_creation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix})"


class LoginFailure(models.Model):
    """One try to log in that has not succeeded; keyed hashes, so that nobody is named."""

    person_and_address = models.BinaryField(max_length=32)
    address = models.BinaryField(max_length=32)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["person_and_address", "at"], name="login_failure_person"),
            models.Index(fields=["address", "at"], name="login_failure_address"),
            models.Index(fields=["at"], name="login_failure_at"),
        ]

    def __str__(self) -> str:
        return f"log-in failure {self.pk}"
