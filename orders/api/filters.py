"""Filters of the order list; the list helper refuses all others."""

from django_filters import rest_framework as filters

from orders.models import Order
from orders.states import OrderStatus, PaymentStatus


class OrderFilter(filters.FilterSet):
    status = filters.ChoiceFilter(choices=OrderStatus.choices)
    payment_status = filters.ChoiceFilter(choices=PaymentStatus.choices)
    channel = filters.CharFilter(field_name="channel__code")
    external_ref = filters.CharFilter()
    placed_from = filters.IsoDateTimeFilter(field_name="placed_at", lookup_expr="gte")
    placed_before = filters.IsoDateTimeFilter(field_name="placed_at", lookup_expr="lt")
    sku = filters.CharFilter(method="with_sku")
    hold = filters.CharFilter(method="with_open_hold")

    class Meta:
        model = Order
        fields: list[str] = []

    def with_sku(self, rows: "filters.QuerySet", name: str, value: str) -> "filters.QuerySet":
        return rows.containing_sku(value)

    def with_open_hold(self, rows: "filters.QuerySet", name: str, value: str) -> "filters.QuerySet":
        return rows.with_open_hold(value)
