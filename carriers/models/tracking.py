"""Parcels on their way, and every event that a carrier reported about them."""

from django.db import models
from django.db.models import F, Q

from carriers.models.catalogue import Carrier
from carriers.models.labels import Label
from carriers.states import CLOSED_TRACKINGS, TrackingReason, TrackingStatus
from oms.core.states import status_check


class Tracking(models.Model):
    """A parcel with a bought label.

    `status` and what goes with it are not written but computed from the set of events; see
    `carriers.rules.tracking`. While `closed_at` is empty the number is this parcel's alone:
    carriers use numbers again.
    """

    label = models.OneToOneField(Label, on_delete=models.PROTECT, related_name="tracking")
    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, related_name="trackings")
    tracking_number = models.CharField(max_length=64)
    reference = models.CharField(max_length=40)
    status = models.CharField(max_length=24, choices=TrackingStatus, default=TrackingStatus.PENDING)
    status_reason = models.CharField(max_length=32, default="", db_default="")
    opened_at = models.DateTimeField()
    last_event_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    estimated_delivery_date = models.DateField(null=True)
    event_count = models.IntegerField(default=0)
    unknown_count = models.IntegerField(default=0, help_text="Events with a code we do not know")
    next_poll_at = models.DateTimeField(null=True)
    last_polled_at = models.DateTimeField(null=True)
    poll_failures = models.SmallIntegerField(default=0)
    poll_error = models.CharField(max_length=200, default="", db_default="")
    lease_until = models.DateTimeField(null=True)
    lease_token = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            status_check(TrackingStatus, "tracking_status_valid"),
            models.CheckConstraint(
                condition=Q(status_reason__in=TrackingReason.values), name="tracking_reason_valid"
            ),
            models.UniqueConstraint(
                fields=["carrier", "tracking_number"],
                condition=Q(closed_at__isnull=True),
                name="tracking_number_one_live",
            ),
            models.CheckConstraint(
                condition=(Q(status=TrackingStatus.DELIVERED) & Q(delivered_at__isnull=False))
                | (~Q(status=TrackingStatus.DELIVERED) & Q(delivered_at__isnull=True)),
                name="tracking_delivered_has_time",
            ),
            models.CheckConstraint(
                condition=(Q(status__in=CLOSED_TRACKINGS) & Q(closed_at__isnull=False))
                | (~Q(status__in=CLOSED_TRACKINGS) & Q(closed_at__isnull=True)),
                name="tracking_closed_has_time",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(next_poll_at__isnull=True),
                name="tracking_closed_is_not_due",
            ),
            models.CheckConstraint(
                condition=Q(event_count__gte=F("unknown_count")) & Q(unknown_count__gte=0),
                name="tracking_counts_possible",
            ),
            models.CheckConstraint(
                condition=Q(poll_failures__gte=0), name="tracking_failures_counted"
            ),
        ]
        indexes = [
            models.Index(
                fields=["carrier", "next_poll_at"],
                name="tracking_due",
                condition=Q(next_poll_at__isnull=False),
            ),
            models.Index(fields=["reference"], name="tracking_reference"),
            models.Index(
                fields=["status", "last_event_at"],
                name="tracking_open",
                condition=Q(closed_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.tracking_number


class TrackingEvent(models.Model):
    """One event as the carrier reported it; append-only, and once however often it is reported."""

    tracking = models.ForeignKey(Tracking, on_delete=models.PROTECT, related_name="events")
    dedupe_key = models.CharField(max_length=32)
    code = models.CharField(max_length=64, help_text="The carrier's own")
    status = models.CharField(max_length=24, choices=TrackingStatus)
    reason = models.CharField(max_length=32, default="", db_default="")
    occurred_at = models.DateTimeField()
    utc_offset_minutes = models.SmallIntegerField(help_text="Of the carrier's local time")
    place = models.CharField(max_length=120, default="", db_default="")
    description = models.CharField(max_length=200, default="", db_default="")
    raw = models.JSONField(default=dict)
    received_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tracking", "dedupe_key"], name="tracking_event_once"),
            status_check(TrackingStatus, "tracking_event_status_valid"),
            models.CheckConstraint(
                condition=Q(reason__in=TrackingReason.values), name="tracking_event_reason_valid"
            ),
            models.CheckConstraint(
                condition=Q(utc_offset_minutes__range=(-14 * 60, 14 * 60)),
                name="tracking_event_offset_possible",
            ),
        ]
        indexes = [models.Index(fields=["tracking", "occurred_at"], name="tracking_event_time")]

    def __str__(self) -> str:
        return f"{self.code} of {self.tracking_id}"
