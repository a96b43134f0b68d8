"""Rate cards with their zones and breaks, and the quotes made from them."""

from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import F, Func, Q, Value

from carriers.models.catalogue import ServiceLevel


def money_field(**options: object) -> "models.DecimalField[Any, Any]":
    return models.DecimalField(max_digits=14, decimal_places=4, **options)  # type: ignore[arg-type]


class RateCard(models.Model):
    """One version of a service's tariff; `valid_to` is the first day it does not hold."""

    service = models.ForeignKey(ServiceLevel, on_delete=models.PROTECT, related_name="rate_cards")
    currency = models.CharField(max_length=3)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    dim_divisor = models.IntegerField(
        default=0, help_text="Cubic centimetres per kilogram; 0: size does not count"
    )
    minimum_amount = money_field(default=0)
    fuel_percent = models.DecimalField(max_digits=6, decimal_places=3, default=0)
    content_sha256 = models.CharField(max_length=64, help_text="Of the tariff as it was put")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="rate_card_dates_ordered",
            ),
            models.CheckConstraint(
                condition=Q(dim_divisor__gte=0)
                & Q(minimum_amount__gte=0)
                & Q(fuel_percent__gte=0)
                & Q(fuel_percent__lt=1000),
                name="rate_card_terms_possible",
            ),
            # A range of one id instead of the id itself: needs no extension.
            ExclusionConstraint(
                name="rate_card_one_per_day",
                expressions=[
                    (Func(F("service"), F("service"), Value("[]"), function="int8range"), "&&"),
                    (Func(F("valid_from"), F("valid_to"), function="daterange"), "&&"),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service_id} from {self.valid_from}"


class RateZone(models.Model):
    """An area that belongs to a zone of a card; empty fields as in TransitTime."""

    card = models.ForeignKey(RateCard, on_delete=models.CASCADE, related_name="zones")
    origin_country = models.CharField(max_length=2, default="", blank=True)
    country = models.CharField(max_length=2, default="", blank=True)
    postal_prefix = models.CharField(max_length=16, default="", blank=True)
    zone = models.CharField(max_length=16)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["card", "origin_country", "country", "postal_prefix"],
                name="rate_zone_area_once",
            ),
            models.CheckConstraint(condition=~Q(zone=""), name="rate_zone_named"),
        ]

    def __str__(self) -> str:
        return f"{self.card_id}/{self.zone}"


class RateBreak(models.Model):
    """Price up to a weight in a zone, plus `per_kg` for each begun kg above the break before."""

    card = models.ForeignKey(RateCard, on_delete=models.CASCADE, related_name="breaks")
    zone = models.CharField(max_length=16)
    up_to_weight_g = models.IntegerField()
    price_amount = money_field()
    per_kg_amount = money_field(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["card", "zone", "up_to_weight_g"], name="rate_break_weight_once"
            ),
            models.CheckConstraint(
                condition=Q(up_to_weight_g__gt=0)
                & Q(price_amount__gte=0)
                & Q(per_kg_amount__gte=0),
                name="rate_break_possible",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.card_id}/{self.zone} to {self.up_to_weight_g} g"


class RateQuote(models.Model):
    """What a service would have cost when a shipment was shopped; append-only."""

    subject_type = models.CharField(max_length=32)
    subject_id = models.BigIntegerField()
    service = models.ForeignKey(ServiceLevel, on_delete=models.PROTECT, related_name="quotes")
    card = models.ForeignKey(RateCard, on_delete=models.PROTECT, null=True, related_name="quotes")
    currency = models.CharField(max_length=3)
    cost_amount = money_field()
    charges = models.JSONField()
    zone = models.CharField(max_length=16, default="")
    billable_weight_g = models.IntegerField()
    pickup_date = models.DateField()
    delivery_date = models.DateField()
    meets_promise = models.BooleanField()
    is_chosen = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(cost_amount__gte=0) & Q(billable_weight_g__gte=0),
                name="rate_quote_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(delivery_date__gte=F("pickup_date")), name="rate_quote_dates_ordered"
            ),
        ]
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="rate_quote_subject")]

    def __str__(self) -> str:
        return f"{self.subject_type} {self.subject_id}: {self.cost_amount} {self.currency}"
