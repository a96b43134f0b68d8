"""What the order API takes and gives."""

from typing import Any, ClassVar

from rest_framework import serializers

from oms.core.errors import FieldError
from oms.core.money import Money
from oms.web.api.fields import (
    CharField,
    ChoiceField,
    CodeField,
    IntegerField,
    MoneyField,
    MoneySchema,
)
from oms.web.api.serializers import StrictSerializer
from orders.errors import OrderInvalid
from orders.models import Order
from orders.states import PaymentStatus
from orders.values import ZERO, NewAddress, NewCustomer, NewLine, NewOrder

MAX_LINES = 1000
MAX_QUANTITY = 1_000_000


class CountryField(CharField):
    """ISO 3166-1 alpha-2, upper case."""

    default_error_messages: ClassVar[dict[str, str]] = {
        "not_a_country": "Write two capital letters such as GB."
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=2, min_length=2, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        if not (text.isascii() and text.isalpha() and text.isupper()):
            self.fail("not_a_country")
        return text


class CurrencyField(CharField):
    default_error_messages: ClassVar[dict[str, str]] = {
        "not_a_currency": "Write an ISO code such as GBP."
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=3, min_length=3, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        if not (text.isascii() and text.isalpha() and text.isupper()):
            self.fail("not_a_currency")
        return text


class AddressSerializer(StrictSerializer):
    name = CharField(max_length=200)
    company = CharField(max_length=200, required=False, allow_blank=True, default="")
    line1 = CharField(max_length=200)
    line2 = CharField(max_length=200, required=False, allow_blank=True, default="")
    city = CharField(max_length=120, required=False, allow_blank=True, default="")
    region = CharField(max_length=120, required=False, allow_blank=True, default="")
    postal_code = CharField(max_length=16, required=False, allow_blank=True, default="")
    country = CountryField()
    phone = CharField(max_length=32, required=False, allow_blank=True, default="")
    email = CharField(max_length=254, required=False, allow_blank=True, default="")


class CustomerSerializer(StrictSerializer):
    external_ref = CodeField(max_length=64)
    name = CharField(max_length=200, required=False, allow_blank=True, default="")
    email = CharField(max_length=254, required=False, allow_blank=True, default="")
    phone = CharField(max_length=32, required=False, allow_blank=True, default="")


class NewLineSerializer(StrictSerializer):
    sku = CharField(max_length=64)
    quantity = IntegerField(min_value=1, max_value=MAX_QUANTITY)
    unit_price = MoneyField(required=False, decimals=4)
    discount = MoneyField(required=False)
    tax = MoneyField(required=False)


class NewOrderSerializer(StrictSerializer):
    """An order as a storefront sends it. Totals are recomputed; `expected_total` is only compared."""

    external_ref = CodeField(max_length=64)
    currency = CurrencyField()
    ship_to = AddressSerializer()
    customer = CustomerSerializer(required=False)
    lines = NewLineSerializer(many=True, min_length=1, max_length=MAX_LINES)
    shipping = MoneyField(required=False)
    discount = MoneyField(required=False)
    expected_total = MoneyField(required=False)
    payment_status = ChoiceField(
        choices=[PaymentStatus.UNPAID, PaymentStatus.AUTHORIZED, PaymentStatus.PAID],
        required=False,
        default=PaymentStatus.UNPAID,
    )
    priority = IntegerField(min_value=0, max_value=99, required=False)
    service_code = CodeField(max_length=32, required=False)


def to_new_order(data: dict[str, Any]) -> NewOrder:
    """The validated body as the action's value.

    Raises:
        OrderInvalid: an amount is in another currency than the order.
    """
    _require_one_currency(data)
    customer = data.get("customer")
    expected: Money | None = data.get("expected_total")
    return NewOrder(
        external_ref=data["external_ref"],
        currency=data["currency"],
        lines=tuple(_line(line) for line in data["lines"]),
        ship_to=NewAddress(**data["ship_to"]),
        customer=NewCustomer(**customer) if customer else None,
        shipping=data["shipping"].amount if "shipping" in data else ZERO,
        discount=data["discount"].amount if "discount" in data else ZERO,
        expected_total=expected.amount if expected else None,
        payment_status=str(data["payment_status"]),
        priority=data.get("priority"),
        service_code=data.get("service_code", ""),
    )


def _line(data: dict[str, Any]) -> NewLine:
    price: Money | None = data.get("unit_price")
    return NewLine(
        sku=data["sku"],
        quantity=data["quantity"],
        unit_price=price.amount if price else None,
        discount=data["discount"].amount if "discount" in data else ZERO,
        tax=data["tax"].amount if "tax" in data else ZERO,
    )


def _require_one_currency(data: dict[str, Any]) -> None:
    amounts = [(f"/{name}", value) for name, value in data.items()]
    for index, line in enumerate(data["lines"]):
        amounts += [(f"/lines/{index}/{name}", value) for name, value in line.items()]
    wrong = [
        FieldError(pointer, "wrong_currency", f"The order is in {data['currency']}.")
        for pointer, value in amounts
        if isinstance(value, Money) and value.currency != data["currency"]
    ]
    if wrong:
        raise OrderInvalid(errors=wrong)


class ReasonSerializer(StrictSerializer):
    reason = CharField(max_length=120)


class HoldSerializer(StrictSerializer):
    hold_type = CodeField(max_length=32)
    reason = CharField(max_length=300)
    line = IntegerField(min_value=1, max_value=MAX_LINES, required=False)


class ReleaseHoldSerializer(StrictSerializer):
    reason = CharField(max_length=300, required=False, allow_blank=True, default="")


class PromiseLineSerializer(StrictSerializer):
    sku = CharField(max_length=64)
    quantity = IntegerField(min_value=1, max_value=MAX_QUANTITY)


class PromiseRequestSerializer(StrictSerializer):
    channel = CodeField(max_length=32, required=False)
    country = CountryField()
    postal_code = CharField(max_length=16, required=False, allow_blank=True, default="")
    service_code = CodeField(max_length=32, required=False)
    lines = PromiseLineSerializer(many=True, min_length=1, max_length=MAX_LINES)


class SiteQuantitySerializer(serializers.Serializer[Any]):
    site = serializers.CharField()
    quantity = serializers.IntegerField()


class OrderLineSerializer(serializers.Serializer[Any]):
    position = serializers.IntegerField()
    sku = serializers.CharField()
    name = serializers.CharField()
    quantity_ordered = serializers.IntegerField()
    quantity_allocated = serializers.IntegerField()
    quantity_backordered = serializers.IntegerField()
    quantity_in_work = serializers.IntegerField()
    quantity_shipped = serializers.IntegerField()
    quantity_delivered = serializers.IntegerField()
    quantity_cancelled = serializers.IntegerField()
    quantity_returned = serializers.IntegerField()
    unit_price = MoneySchema()
    total = MoneySchema()
    sites = SiteQuantitySerializer(many=True)


class OrderHoldSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    hold_type = serializers.CharField()
    reason = serializers.CharField()
    line = serializers.IntegerField(allow_null=True)
    placed_at = serializers.DateTimeField()
    released_at = serializers.DateTimeField(allow_null=True)


class OrderSerializer(serializers.Serializer[Any]):
    """One order with its lines, where they are reserved, and its holds."""

    number = serializers.CharField()
    channel = serializers.CharField()
    external_ref = serializers.CharField()
    kind = serializers.CharField()
    status = serializers.CharField()
    payment_status = serializers.CharField()
    priority = serializers.IntegerField()
    service_code = serializers.CharField()
    placed_at = serializers.DateTimeField()
    confirmed_at = serializers.DateTimeField(allow_null=True)
    released_at = serializers.DateTimeField(allow_null=True)
    completed_at = serializers.DateTimeField(allow_null=True)
    cancelled_at = serializers.DateTimeField(allow_null=True)
    cancel_requested_at = serializers.DateTimeField(allow_null=True)
    cancel_reason = serializers.CharField(allow_blank=True)
    promised_ship_at = serializers.DateTimeField(allow_null=True)
    promised_delivery_date = serializers.DateField(allow_null=True)
    allocation = serializers.ChoiceField(choices=["NONE", "PARTIAL", "FULL"])
    items_total = MoneySchema()
    shipping = MoneySchema()
    tax = MoneySchema()
    discount = MoneySchema()
    total = MoneySchema()
    lines = OrderLineSerializer(many=True)
    holds = OrderHoldSerializer(many=True)


class OrderRowSerializer(serializers.ModelSerializer[Order]):
    """One row of the list."""

    channel = serializers.CharField(source="channel.code")
    total = serializers.SerializerMethodField()

    class Meta:
        model = Order
        fields = [
            "number",
            "channel",
            "external_ref",
            "kind",
            "status",
            "payment_status",
            "priority",
            "total",
            "line_count",
            "placed_at",
            "promised_ship_at",
            "promised_delivery_date",
        ]
        read_only_fields = fields

    def get_total(self, order: Order) -> dict[str, str]:
        return Money(order.total_amount, order.currency).as_json()


class DecisionSerializer(serializers.Serializer[Any]):
    kind = serializers.CharField()
    policy = serializers.CharField()
    at = serializers.DateTimeField()
    summary = serializers.CharField()
    inputs = serializers.JSONField()
    choice = serializers.JSONField()
    candidates = serializers.JSONField()


class HistoryEntrySerializer(serializers.Serializer[Any]):
    seq = serializers.IntegerField()
    type = serializers.CharField()
    at = serializers.DateTimeField()
    actor = serializers.CharField()
    payload = serializers.JSONField()


class PromiseLineAnswerSerializer(serializers.Serializer[Any]):
    sku = serializers.CharField()
    quantity = serializers.IntegerField()
    quantity_available = serializers.IntegerField()
    sites = SiteQuantitySerializer(many=True)


class PromiseSerializer(serializers.Serializer[Any]):
    lines = PromiseLineAnswerSerializer(many=True)
    ship_at = serializers.DateTimeField(allow_null=True)
    delivery_date = serializers.DateField(allow_null=True)
