"""Kinds and states of the stock world."""

from django.db import models


class SiteKind(models.TextChoices):
    WAREHOUSE = "WAREHOUSE"
    STORE = "STORE"


class LocationKind(models.TextChoices):
    PICK = "PICK"
    BULK = "BULK"
    PACK = "PACK"
    DOCK = "DOCK"


class MovementKind(models.TextChoices):
    RECEIPT = "RECEIPT"
    ADJUSTMENT = "ADJUSTMENT"
    RESERVATION = "RESERVATION"
    RELEASE = "RELEASE"
    SHIPMENT = "SHIPMENT"
    SHORT_PICK = "SHORT_PICK"
    RETURN = "RETURN"
