"""Carriers, our accounts with them, and what they sell."""

from decimal import Decimal

from django.db import models
from django.db.models import Q

from carriers.states import ServiceTier


class Carrier(models.Model):
    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=120)
    adapter = models.CharField(max_length=32, help_text="Folder under carriers/adapters")
    is_active = models.BooleanField(default=True)
    calls_per_second = models.DecimalField(max_digits=8, decimal_places=3, default=Decimal(10))
    burst = models.IntegerField(default=20, help_text="Calls that may be made at once")
    clock_speed = models.IntegerField(
        default=1, help_text="How many times faster than ours the carrier's time runs: simulations"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(code="") & ~Q(adapter=""), name="carrier_code_not_empty"
            ),
            models.CheckConstraint(
                condition=Q(calls_per_second__gt=0) & Q(burst__gte=1) & Q(clock_speed__gte=1),
                name="carrier_rate_positive",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class CarrierAccount(models.Model):
    """A contract with a carrier: where its API is and how to log in."""

    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, related_name="accounts")
    name = models.CharField(max_length=120)
    endpoint_url = models.URLField(max_length=300)
    credentials_sealed = models.TextField(help_text="JSON object, encrypted")
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["carrier", "name"], name="carrier_account_name_once")
        ]

    def __str__(self) -> str:
        return f"{self.carrier_id}/{self.name}"


class RateBucket(models.Model):
    """The calls that all workers together may still make to a carrier, and who is polling it.

    Apart from the carrier itself because it changes with every call.
    """

    carrier = models.OneToOneField(Carrier, on_delete=models.CASCADE, related_name="bucket")
    tokens = models.DecimalField(max_digits=14, decimal_places=6, default=Decimal(0))
    granted = models.IntegerField(default=0, help_text="By the last take")
    refilled_at = models.DateTimeField()
    blocked_until = models.DateTimeField(null=True, help_text="By the carrier's Retry-After")
    poller_lease_until = models.DateTimeField(null=True)
    poller_token = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(tokens__gte=0) & Q(granted__gte=0), name="rate_bucket_not_negative"
            )
        ]

    def __str__(self) -> str:
        return f"bucket of {self.carrier_id}"


class ServiceLevel(models.Model):
    """A service that a carrier sells. Limits of 0 do not limit."""

    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, related_name="services")
    code = models.CharField(max_length=32)
    name = models.CharField(max_length=120)
    tier = models.CharField(max_length=16, choices=ServiceTier)
    max_weight_g = models.IntegerField(default=0)
    max_length_mm = models.IntegerField(default=0)
    max_length_plus_girth_mm = models.IntegerField(default=0)
    cutoff_at = models.TimeField(
        null=True, blank=True, help_text="Local time of the origin; later goes the next day"
    )
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["carrier", "code"], name="service_code_per_carrier"),
            models.CheckConstraint(
                condition=Q(tier__in=ServiceTier.values), name="service_tier_valid"
            ),
            models.CheckConstraint(
                condition=Q(max_weight_g__gte=0)
                & Q(max_length_mm__gte=0)
                & Q(max_length_plus_girth_mm__gte=0),
                name="service_limits_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.carrier_id}/{self.code}"


class TransitTime(models.Model):
    """Business days from pickup to delivery, to an area of a country.

    Empty origin: from everywhere. Empty country: to every other one. Empty prefix: the whole
    country.
    """

    service = models.ForeignKey(
        ServiceLevel, on_delete=models.CASCADE, related_name="transit_times"
    )
    origin_country = models.CharField(max_length=2, default="", blank=True)
    country = models.CharField(max_length=2, default="", blank=True)
    postal_prefix = models.CharField(max_length=16, default="", blank=True)
    business_days = models.SmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["service", "origin_country", "country", "postal_prefix"],
                name="transit_time_area_once",
            ),
            models.CheckConstraint(
                condition=Q(business_days__range=(0, 60)), name="transit_time_possible"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service_id} to {self.country}{self.postal_prefix}"
