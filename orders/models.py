"""Channels, customers, orders with their lines, addresses and holds."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from inventory.models import Product, Site
from oms.core.numbering import number_field
from oms.core.states import Stateful, status_check
from orders.states import (
    TRANSITIONS,
    AddressKind,
    BackorderPolicy,
    Block,
    ChannelKind,
    ImportOutcome,
    OrderKind,
    OrderOrigin,
    OrderStatus,
    PaymentStatus,
)


def money_field(**options: object) -> models.DecimalField:
    return models.DecimalField(max_digits=14, decimal_places=4, **options)  # type: ignore[arg-type]


class Channel(models.Model):
    """Where orders come from, and the policies that their capture follows."""

    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=16, choices=ChannelKind, default=ChannelKind.ONLINE)
    currency = models.CharField(max_length=3)
    timezone = models.CharField(max_length=64, default="UTC")
    default_priority = models.SmallIntegerField(default=50, help_text="0 is served first")
    service_code = models.CharField(max_length=32, default="standard")
    auto_release = models.BooleanField(default=True)
    release_delay_s = models.IntegerField(
        default=0, help_text="Time in which the customer may still change their mind"
    )
    backorder_policy = models.CharField(
        max_length=16, choices=BackorderPolicy, default=BackorderPolicy.SHIP_AVAILABLE
    )
    allow_split = models.BooleanField(default=True)
    split_penalty_amount = money_field(default=0, help_text="Cost of each further parcel's bother")
    amount_limit = money_field(null=True, blank=True, help_text="Orders above are held for review")
    requires_payment = models.BooleanField(default=False)
    duplicate_window_hours = models.SmallIntegerField(default=24)
    sites = models.ManyToManyField(
        Site, blank=True, related_name="channels", help_text="None chosen: every shipping site"
    )
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ChannelKind.values), name="channel_kind_valid"),
            models.CheckConstraint(
                condition=Q(backorder_policy__in=BackorderPolicy.values),
                name="channel_backorder_policy_valid",
            ),
            models.CheckConstraint(
                condition=Q(release_delay_s__gte=0) & Q(duplicate_window_hours__gte=0),
                name="channel_times_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Customer(models.Model):
    """Who buys. Personal data live here and in `OrderAddress` only."""

    channel = models.ForeignKey(
        Channel, on_delete=models.PROTECT, related_name="customers", db_index=False
    )
    external_ref = models.CharField(max_length=64)
    name = models.CharField(max_length=200, default="", blank=True)
    email = models.CharField(max_length=254, default="", blank=True)
    phone = models.CharField(max_length=32, default="", blank=True)
    country = models.CharField(max_length=2, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "external_ref"], name="customer_ref_per_channel"
            )
        ]

    def __str__(self) -> str:
        return f"customer {self.pk}"


class OrderQuerySet(models.QuerySet["Order"]):
    def visible_to(self, channel_ids: frozenset[int] | None) -> "OrderQuerySet":
        """Orders of the channels in scope; None means every channel."""
        return self if channel_ids is None else self.filter(channel_id__in=channel_ids)

    def containing_sku(self, sku: str) -> "OrderQuerySet":
        lines = OrderLine.objects.filter(product__sku=sku)
        return self.filter(pk__in=lines.values("order_id"))

    def with_open_hold(self, hold_type: str) -> "OrderQuerySet":
        holds = OrderHold.objects.filter(hold_type__code=hold_type, released_at__isnull=True)
        return self.filter(pk__in=holds.values("order_id"))


class Order(Stateful):
    TRANSITIONS = TRANSITIONS

    number = number_field("SO")
    channel = models.ForeignKey(
        Channel, on_delete=models.PROTECT, related_name="orders", db_index=False
    )
    external_ref = models.CharField(max_length=64)
    content_sha256 = models.BinaryField(
        max_length=32, null=True, help_text="Of the captured request: tells a repeat from a clash"
    )
    kind = models.CharField(max_length=8, choices=OrderKind, default=OrderKind.SALE)
    origin = models.CharField(max_length=8, choices=OrderOrigin, default=OrderOrigin.CAPTURE)
    customer = models.ForeignKey(
        Customer,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="orders",
        db_index=False,
    )
    status = models.CharField(max_length=16, choices=OrderStatus, default=OrderStatus.PLACED)
    payment_status = models.CharField(
        max_length=16, choices=PaymentStatus, default=PaymentStatus.UNPAID
    )
    priority = models.SmallIntegerField(default=50)
    service_code = models.CharField(max_length=32, default="standard")
    currency = models.CharField(max_length=3)
    items_amount = money_field()
    shipping_amount = money_field(default=0)
    tax_amount = money_field(default=0)
    discount_amount = money_field(default=0)
    total_amount = money_field()
    line_count = models.IntegerField()
    ship_country = models.CharField(max_length=2, default="")
    placed_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    cancel_reason = models.CharField(max_length=120, default="", db_default="")
    cancel_requested_at = models.DateTimeField(null=True)
    promised_ship_at = models.DateTimeField(null=True)
    promised_delivery_date = models.DateField(null=True)
    source_due_at = models.DateTimeField(
        null=True, help_text="When the sourcing sweep should look at this order"
    )
    release_due_at = models.DateTimeField(
        null=True, help_text="When the release sweep should look at this order"
    )

    objects = OrderQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "external_ref"], name="order_ref_per_channel"),
            status_check(OrderStatus, "order_status_valid"),
            models.CheckConstraint(
                condition=Q(payment_status__in=PaymentStatus.values), name="order_payment_valid"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=OrderKind.values) & Q(origin__in=OrderOrigin.values),
                name="order_kind_valid",
            ),
            models.CheckConstraint(
                condition=Q(
                    total_amount=F("items_amount")
                    + F("shipping_amount")
                    + F("tax_amount")
                    - F("discount_amount")
                ),
                name="order_total_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(kind=OrderKind.CREDIT) | Q(total_amount__gte=0),
                name="order_sale_not_negative",
            ),
            models.CheckConstraint(condition=Q(line_count__gt=0), name="order_has_lines"),
            models.CheckConstraint(
                condition=~Q(status=OrderStatus.CANCELLED) | Q(cancelled_at__isnull=False),
                name="order_cancelled_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(status=OrderStatus.COMPLETED) | Q(completed_at__isnull=False),
                name="order_completed_has_time",
            ),
        ]
        indexes = [
            models.Index(fields=["placed_at", "id"], name="order_by_time"),
            models.Index(fields=["channel", "placed_at", "id"], name="order_by_channel"),
            models.Index(fields=["customer", "placed_at"], name="order_by_customer"),
            models.Index(
                fields=["status", "placed_at"],
                name="order_open",
                condition=Q(status__in=["DRAFT", "PLACED", "CONFIRMED", "RELEASED"]),
            ),
            models.Index(
                fields=["source_due_at"],
                name="order_source_due",
                condition=Q(source_due_at__isnull=False),
            ),
            models.Index(
                fields=["release_due_at"],
                name="order_release_due",
                condition=Q(release_due_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.number)


class OrderAddress(models.Model):
    """An address as the customer gave it, normalised in form."""

    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="addresses", db_index=False
    )
    kind = models.CharField(max_length=8, choices=AddressKind, default=AddressKind.SHIP)
    name = models.CharField(max_length=200)
    company = models.CharField(max_length=200, default="")
    line1 = models.CharField(max_length=200)
    line2 = models.CharField(max_length=200, default="")
    city = models.CharField(max_length=120, default="")
    region = models.CharField(max_length=120, default="")
    postal_code = models.CharField(max_length=16, default="")
    country = models.CharField(max_length=2)
    phone = models.CharField(max_length=32, default="")
    email = models.CharField(max_length=254, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "kind"], name="order_address_one_per_kind"),
            models.CheckConstraint(
                condition=Q(kind__in=AddressKind.values), name="order_address_kind_valid"
            ),
        ]

    def __str__(self) -> str:
        return f"address {self.pk}"


class OrderLine(models.Model):
    """One product of an order.

    ordered = allocated + backordered + shipped + cancelled + not sourced yet; `quantity_in_work` is the part
    of the allocated units that a site has begun to pick.
    """

    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="lines", db_index=False
    )
    position = models.SmallIntegerField()
    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, related_name="order_lines", db_index=False
    )
    quantity_ordered = models.IntegerField()
    quantity_allocated = models.IntegerField(default=0, db_default=0)
    quantity_backordered = models.IntegerField(default=0, db_default=0)
    quantity_in_work = models.IntegerField(default=0, db_default=0)
    quantity_shipped = models.IntegerField(default=0, db_default=0)
    quantity_delivered = models.IntegerField(default=0, db_default=0)
    quantity_cancelled = models.IntegerField(default=0, db_default=0)
    quantity_returned = models.IntegerField(default=0, db_default=0)
    unit_price_amount = money_field()
    discount_amount = money_field(default=0, db_default=0)
    tax_amount = money_field(default=0, db_default=0)
    total_amount = money_field(help_text="quantity x unit price - discount, rounded; without tax")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="order_line_position"),
            models.CheckConstraint(condition=Q(quantity_ordered__gt=0), name="order_line_quantity"),
            models.CheckConstraint(
                condition=Q(quantity_allocated__gte=0)
                & Q(quantity_backordered__gte=0)
                & Q(quantity_shipped__gte=0)
                & Q(quantity_cancelled__gte=0)
                & Q(
                    quantity_ordered__gte=F("quantity_allocated")
                    + F("quantity_backordered")
                    + F("quantity_shipped")
                    + F("quantity_cancelled")
                ),
                name="order_line_quantities_add_up",
            ),
            models.CheckConstraint(
                condition=Q(quantity_in_work__gte=0)
                & Q(quantity_in_work__lte=F("quantity_allocated"))
                & Q(quantity_delivered__gte=0)
                & Q(quantity_delivered__lte=F("quantity_shipped"))
                & Q(quantity_returned__gte=0)
                & Q(quantity_returned__lte=F("quantity_shipped")),
                name="order_line_progress_possible",
            ),
        ]
        indexes = [
            models.Index(fields=["product", "order"], name="order_line_by_product"),
            models.Index(
                fields=["product"],
                name="order_line_backordered",
                condition=Q(quantity_backordered__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id}/{self.position}"

    @property
    def quantity_unsourced(self) -> int:
        return (
            self.quantity_ordered
            - self.quantity_allocated
            - self.quantity_backordered
            - self.quantity_shipped
            - self.quantity_cancelled
        )

    @property
    def quantity_open(self) -> int:
        return self.quantity_ordered - self.quantity_shipped - self.quantity_cancelled


class HoldType(models.Model):
    """A reason to stop an order, and the steps it stops."""

    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=120)
    blocks = ArrayField(models.CharField(max_length=16, choices=Block))
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(blocks__contained_by=Block.values) & Q(blocks__len__gt=0),
                name="hold_type_blocks_valid",
            )
        ]

    def __str__(self) -> str:
        return self.code


class OrderHold(models.Model):
    """One open or released hold on an order or on one of its lines."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="holds")
    line = models.ForeignKey(
        OrderLine, on_delete=models.PROTECT, null=True, blank=True, related_name="holds"
    )
    hold_type = models.ForeignKey(HoldType, on_delete=models.PROTECT, related_name="holds")
    reason = models.CharField(max_length=300)
    placed_at = models.DateTimeField()
    placed_by_kind = models.CharField(max_length=16)
    placed_by_id = models.BigIntegerField(null=True)
    released_at = models.DateTimeField(null=True)
    released_by_kind = models.CharField(max_length=16, default="", db_default="")
    released_by_id = models.BigIntegerField(null=True)
    release_reason = models.CharField(max_length=300, default="", db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order", "line", "hold_type"],
                name="order_hold_open_once",
                condition=Q(released_at__isnull=True),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(released_at__isnull=True) | Q(released_at__gte=F("placed_at")),
                name="order_hold_times_ordered",
            ),
        ]
        indexes = [
            models.Index(
                fields=["hold_type", "placed_at"],
                name="order_hold_open",
                condition=Q(released_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"hold {self.pk} on {self.order_id}"


class ImportRow(models.Model):
    """One row of a file of past orders while its job runs. The table is not logged: it can be read again."""

    job_id = models.BigIntegerField()
    row_no = models.IntegerField(help_text="Line of the file; the header is line 1")
    invoice_no = models.IntegerField(help_text="Number of the invoice within the file; 0 = not told")
    position = models.IntegerField()
    invoice = models.CharField(max_length=64)
    sku = models.CharField(max_length=64, default="")
    name = models.CharField(max_length=200, default="")
    quantity = models.IntegerField(null=True)
    placed_at = models.DateTimeField(null=True)
    unit_price_amount = money_field(null=True)
    total_amount = money_field(null=True)
    customer_ref = models.CharField(max_length=64, default="")
    country = models.CharField(max_length=2, default="")
    problems = models.JSONField(null=True, help_text="List of [field, reason]")

    class Meta:
        indexes = [models.Index(fields=["job_id", "invoice_no"], name="import_row_by_invoice")]

    def __str__(self) -> str:
        return f"job {self.job_id} row {self.row_no}"


class ImportInvoice(models.Model):
    """One invoice of a file of past orders while its job runs, and what became of it."""

    job_id = models.BigIntegerField()
    invoice_no = models.IntegerField()
    external_ref = models.CharField(max_length=64)
    kind = models.CharField(max_length=8, choices=OrderKind)
    customer_ref = models.CharField(max_length=64)
    country = models.CharField(max_length=2)
    placed_at = models.DateTimeField(null=True)
    line_count = models.IntegerField()
    total_amount = money_field(null=True)
    content_sha256 = models.BinaryField(max_length=32)
    outcome = models.CharField(max_length=8, choices=ImportOutcome)
    problem_field = models.CharField(max_length=16, default="")
    problem = models.CharField(max_length=200, default="")
    order = models.ForeignKey(
        Order, on_delete=models.CASCADE, null=True, db_index=False, db_constraint=False
    )

    class Meta:
        indexes = [models.Index(fields=["job_id", "invoice_no"], name="import_invoice_by_number")]

    def __str__(self) -> str:
        return f"job {self.job_id} invoice {self.external_ref}"
