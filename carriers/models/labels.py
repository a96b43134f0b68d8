"""Labels and manifests: intents first, with what the carrier answered."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from carriers.models.catalogue import CarrierAccount, ServiceLevel
from carriers.models.tariffs import money_field
from carriers.states import (
    LABEL_TRANSITIONS,
    LIVE_LABELS,
    MANIFEST_TRANSITIONS,
    DocumentFormat,
    DocumentKind,
    LabelStatus,
    ManifestStatus,
)
from oms.core.states import Stateful, status_check


class Effect(models.Model):
    """Work that a carrier does for us: tried until `next_attempt_at` is empty.

    The lease, on the database clock, keeps two workers from trying at once; an outcome is recorded
    only by the holder of the current `lease_token`.
    """

    attempts = models.SmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    lease_token = models.BigIntegerField(default=0)
    error_code = models.CharField(max_length=64, default="", db_default="")
    last_error = models.CharField(max_length=300, default="", db_default="")

    class Meta:
        abstract = True


class CarrierManifest(Stateful, Effect):
    """What we tell a carrier it will collect. `reference` is the asker's own name for it."""

    TRANSITIONS = MANIFEST_TRANSITIONS

    account = models.ForeignKey(CarrierAccount, on_delete=models.PROTECT, related_name="manifests")
    reference = models.CharField(max_length=40, unique=True)
    client_key = models.CharField(max_length=64, unique=True)
    status = models.CharField(
        max_length=16, choices=ManifestStatus, default=ManifestStatus.INTENDED
    )
    manifest_number = models.CharField(max_length=64, default="", db_default="")
    document = models.BinaryField(default=b"")
    document_format = models.CharField(max_length=8, default="", db_default="")
    intended_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            status_check(ManifestStatus, "manifest_status_valid"),
            models.CheckConstraint(
                condition=~Q(status=ManifestStatus.CLOSED)
                | (~Q(manifest_number="") & Q(closed_at__isnull=False)),
                name="manifest_closed_has_number",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[ManifestStatus.CLOSED, ManifestStatus.FAILED])
                | Q(next_attempt_at__isnull=True),
                name="manifest_over_is_not_due",
            ),
            models.CheckConstraint(condition=Q(attempts__gte=0), name="manifest_attempts_counted"),
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                name="manifest_due",
                condition=Q(next_attempt_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.reference


class LabelQuerySet(models.QuerySet["Label"]):
    def live(self) -> "LabelQuerySet":
        return self.filter(status__in=LIVE_LABELS)

    def due(self, at: datetime) -> "LabelQuerySet":
        """Labels that have something to settle with the carrier by now."""
        return self.filter(next_attempt_at__lte=at)


class Label(Stateful, Effect):
    """The purchase of one label for one parcel, never deleted.

    `reference` names the parcel in the words of whoever asked; `client_key` is what the carrier
    knows the purchase by, so that it can be looked up and never made twice.
    """

    TRANSITIONS = LABEL_TRANSITIONS

    account = models.ForeignKey(CarrierAccount, on_delete=models.PROTECT, related_name="labels")
    service = models.ForeignKey(ServiceLevel, on_delete=models.PROTECT, related_name="labels")
    reference = models.CharField(max_length=40)
    client_key = models.CharField(max_length=64, unique=True)
    status = models.CharField(max_length=16, choices=LabelStatus, default=LabelStatus.INTENDED)
    weight_g = models.IntegerField()
    length_mm = models.IntegerField(default=0)
    width_mm = models.IntegerField(default=0)
    height_mm = models.IntegerField(default=0)
    tracking_number = models.CharField(max_length=64, default="", db_default="")
    cost_amount = money_field(null=True)
    currency = models.CharField(max_length=3, default="", db_default="")
    manifest = models.ForeignKey(
        CarrierManifest, on_delete=models.PROTECT, null=True, related_name="labels"
    )
    intended_at = models.DateTimeField()
    bought_at = models.DateTimeField(null=True)
    void_requested_at = models.DateTimeField(null=True)
    voided_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)

    objects = LabelQuerySet.as_manager()

    class Meta:
        constraints = [
            status_check(LabelStatus, "label_status_valid"),
            models.UniqueConstraint(
                fields=["reference"],
                condition=Q(status__in=LIVE_LABELS),
                name="label_one_live_per_reference",
            ),
            models.UniqueConstraint(
                fields=["account", "tracking_number"],
                condition=Q(status=LabelStatus.BOUGHT),
                name="label_number_once",
            ),
            models.CheckConstraint(condition=~Q(reference=""), name="label_reference_not_empty"),
            models.CheckConstraint(
                condition=Q(weight_g__gt=0)
                & Q(length_mm__gte=0)
                & Q(width_mm__gte=0)
                & Q(height_mm__gte=0),
                name="label_measures_possible",
            ),
            models.CheckConstraint(
                condition=~Q(status=LabelStatus.BOUGHT)
                | (
                    ~Q(tracking_number="")
                    & ~Q(currency="")
                    & Q(cost_amount__gte=0)
                    & Q(bought_at__isnull=False)
                ),
                name="label_bought_is_complete",
            ),
            models.CheckConstraint(
                condition=Q(status__in=[LabelStatus.BOUGHT, LabelStatus.VOIDED])
                | Q(tracking_number=""),
                name="label_unbought_has_no_number",
            ),
            models.CheckConstraint(
                condition=~Q(status=LabelStatus.VOIDED) | Q(voided_at__isnull=False),
                name="label_voided_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(status=LabelStatus.FAILED) | ~Q(last_error=""),
                name="label_failed_says_why",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[LabelStatus.VOIDED, LabelStatus.FAILED])
                | Q(next_attempt_at__isnull=True),
                name="label_over_is_not_due",
            ),
            models.CheckConstraint(condition=Q(attempts__gte=0), name="label_attempts_counted"),
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                name="label_due",
                condition=Q(next_attempt_at__isnull=False),
            ),
            models.Index(fields=["reference"], name="label_reference"),
            models.Index(
                fields=["status", "intended_at"],
                name="label_unsettled",
                condition=Q(status__in=["INTENDED", "UNKNOWN", "FAILED"]),
            ),
        ]

    def __str__(self) -> str:
        return f"label {self.client_key}"

    @property
    def is_parked(self) -> bool:
        """Whether only a person can move it on."""
        return self.status == LabelStatus.FAILED or (
            self.status == LabelStatus.UNKNOWN and self.next_attempt_at is None
        )


class LabelParties(models.Model):
    """Who sends and who receives, as printed. Personal data live only here and on the document."""

    label = models.OneToOneField(Label, on_delete=models.CASCADE, related_name="parties")
    sender = models.JSONField()
    recipient = models.JSONField()

    class Meta:
        verbose_name_plural = "label parties"

    def __str__(self) -> str:
        return f"parties of {self.label_id}"


class LabelDocument(models.Model):
    label = models.ForeignKey(Label, on_delete=models.CASCADE, related_name="documents")
    kind = models.CharField(max_length=16, choices=DocumentKind, default=DocumentKind.LABEL)
    format = models.CharField(max_length=8, choices=DocumentFormat)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["label", "kind", "format"], name="label_document_once"),
            models.CheckConstraint(
                condition=Q(format__in=DocumentFormat.values) & Q(kind__in=DocumentKind.values),
                name="label_document_kind_valid",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.format} of {self.label_id}"
