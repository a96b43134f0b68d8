"""Products, sites, balances and the ledger."""

from django.db import models
from django.db.models import F, Q

from inventory.states import LocationKind, MovementKind, SiteKind


class Product(models.Model):
    """What can be sold. `is_stocked` is false for services and charges: they need no reservation."""

    sku = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    list_price_amount = models.DecimalField(max_digits=14, decimal_places=4, null=True, blank=True)
    weight_g = models.IntegerField(default=0)
    length_mm = models.IntegerField(default=0)
    width_mm = models.IntegerField(default=0)
    height_mm = models.IntegerField(default=0)
    is_stocked = models.BooleanField(default=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(sku=""), name="product_sku_not_empty"),
            models.CheckConstraint(
                condition=Q(weight_g__gte=0)
                & Q(length_mm__gte=0)
                & Q(width_mm__gte=0)
                & Q(height_mm__gte=0),
                name="product_measures_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return self.sku


class ProductBarcode(models.Model):
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="barcodes")
    code = models.CharField(max_length=64, unique=True)

    def __str__(self) -> str:
        return self.code


class Site(models.Model):
    """A warehouse or a store."""

    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=16, choices=SiteKind, default=SiteKind.WAREHOUSE)
    timezone = models.CharField(max_length=64, default="UTC")
    country = models.CharField(max_length=2)
    region = models.CharField(max_length=64, default="", blank=True)
    city = models.CharField(max_length=120, default="", blank=True)
    postal_code = models.CharField(max_length=16, default="", blank=True)
    processing_minutes = models.IntegerField(
        default=120, help_text="Working time from release to ready for the carrier"
    )
    priority = models.IntegerField(default=100, help_text="Lower is preferred when costs are equal")
    ships_orders = models.BooleanField(default=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=SiteKind.values), name="site_kind_valid"),
            models.CheckConstraint(
                condition=Q(processing_minutes__gte=0), name="site_processing_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class SiteHours(models.Model):
    """Opening hours of one weekday in the site's time zone; no row means closed."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="hours")
    weekday = models.SmallIntegerField(help_text="0 = Monday")
    opens_at = models.TimeField()
    closes_at = models.TimeField()
    cutoff_at = models.TimeField(help_text="Orders released until then leave the same day")

    class Meta:
        verbose_name_plural = "site hours"
        constraints = [
            models.UniqueConstraint(fields=["site", "weekday"], name="site_hours_one_per_weekday"),
            models.CheckConstraint(
                condition=Q(weekday__range=(0, 6)), name="site_hours_weekday_valid"
            ),
            models.CheckConstraint(
                condition=Q(opens_at__lt=F("closes_at")) & Q(cutoff_at__lte=F("closes_at")),
                name="site_hours_ordered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.site_id}/{self.weekday}"


class SiteClosure(models.Model):
    """A day on which the site does not work."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="closures")
    date = models.DateField()
    reason = models.CharField(max_length=120, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "date"], name="site_closure_one_per_day")
        ]

    def __str__(self) -> str:
        return f"{self.site_id} {self.date}"


class Location(models.Model):
    """A bin. Coordinates are millimetres from the site's origin; `aisle` orders the walk."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="locations")
    code = models.CharField(max_length=32)
    kind = models.CharField(max_length=16, choices=LocationKind, default=LocationKind.PICK)
    aisle = models.CharField(max_length=16, default="", blank=True)
    x_mm = models.IntegerField(default=0)
    y_mm = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["site", "code"], name="location_code_per_site"),
            models.CheckConstraint(
                condition=Q(kind__in=LocationKind.values), name="location_kind_valid"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class StockLevel(models.Model):
    """The balance of one product at one site. Every change goes with its ledger row."""

    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, related_name="stock_levels", db_index=False
    )
    site = models.ForeignKey(
        Site, on_delete=models.PROTECT, related_name="stock_levels", db_index=False
    )
    on_hand = models.IntegerField(default=0)
    reserved = models.IntegerField(default=0)
    ledger_seq = models.IntegerField(default=0, help_text="Number of the last ledger row")
    location = models.ForeignKey(
        Location, on_delete=models.PROTECT, null=True, blank=True, help_text="Home bin for picking"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product", "site"], name="stock_level_once"),
            models.CheckConstraint(condition=Q(on_hand__gte=0), name="stock_level_on_hand_positive"),
            models.CheckConstraint(
                condition=Q(reserved__gte=0) & Q(reserved__lte=F("on_hand")),
                name="stock_level_never_oversold",
            ),
        ]
        indexes = [models.Index(fields=["site", "product"], name="stock_level_by_site")]

    def __str__(self) -> str:
        return f"{self.product_id}@{self.site_id}"

    @property
    def available(self) -> int:
        return self.on_hand - self.reserved


class Reservation(models.Model):
    """Units of a stock level kept for a demand (an order line, named by type and id)."""

    stock_level = models.ForeignKey(
        StockLevel, on_delete=models.PROTECT, related_name="reservations"
    )
    demand_type = models.CharField(max_length=16)
    demand_id = models.BigIntegerField()
    quantity = models.IntegerField()
    quantity_consumed = models.IntegerField(default=0, db_default=0)
    quantity_released = models.IntegerField(default=0, db_default=0)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="reservation_quantity_positive"),
            models.CheckConstraint(
                condition=Q(quantity_consumed__gte=0)
                & Q(quantity_released__gte=0)
                & Q(quantity__gte=F("quantity_consumed") + F("quantity_released")),
                name="reservation_not_overspent",
            ),
        ]
        indexes = [models.Index(fields=["demand_id", "demand_type"], name="reservation_demand")]

    def __str__(self) -> str:
        return f"{self.demand_type} {self.demand_id}"

    @property
    def quantity_open(self) -> int:
        return self.quantity - self.quantity_consumed - self.quantity_released


class StockMovement(models.Model):
    """The ledger, append-only: numbered per stock level under its lock, with the balance after."""

    stock_level = models.ForeignKey(
        StockLevel, on_delete=models.PROTECT, related_name="movements", db_index=False
    )
    seq = models.IntegerField()
    kind = models.CharField(max_length=16, choices=MovementKind)
    on_hand_delta = models.IntegerField()
    reserved_delta = models.IntegerField()
    on_hand_after = models.IntegerField()
    reserved_after = models.IntegerField()
    reference_type = models.CharField(max_length=16)
    reference_id = models.BigIntegerField()
    effect_key = models.CharField(max_length=80, unique=True)
    reason = models.CharField(max_length=120, default="", db_default="")
    actor_kind = models.CharField(max_length=16)
    actor_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stock_level", "seq"], name="stock_movement_seq"),
            models.CheckConstraint(
                condition=Q(kind__in=MovementKind.values), name="stock_movement_kind_valid"
            ),
            models.CheckConstraint(
                condition=Q(on_hand_after__gte=0)
                & Q(reserved_after__gte=0)
                & Q(reserved_after__lte=F("on_hand_after")),
                name="stock_movement_balance_possible",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.stock_level_id}/{self.seq}"
