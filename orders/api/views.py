"""Orders over HTTP: read, place, and one address per verb."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from rest_framework.request import Request

from oms.core import queries as core_queries
from oms.core.actors import Actor
from oms.web.api.base import ApiView, CommandView, QueryView, ReadViewSet, Reply
from oms.web.api.parsing import read_json
from oms.web.api.rendering import json_response
from orders import actions, permissions, queries
from orders.api import serializers
from orders.api.filters import OrderFilter
from orders.models import Order


class OrderViewSet(ReadViewSet):
    permission = permissions.VIEW
    returns = serializers.OrderRowSerializer
    returns_detail = serializers.OrderSerializer
    filterset_class = OrderFilter
    ordering = ("-placed_at", "-id")

    def visible_to(self, actor: Actor) -> QuerySet[Order]:
        return queries.list_orders(actor)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ARG002
        order = queries.get_order_by_number(kwargs["number"], actor=self.actor)
        return json_response(queries.get_document(order.pk))


class PlaceOrder(CommandView):
    """Capture an order: it is verified, sourced, reserved and promised in the same call.

    The key's channel is the order's channel.
    """

    permission = permissions.PLACE
    accepts = serializers.NewOrderSerializer
    returns = serializers.OrderSerializer
    success_status = 201

    def perform(self, data: dict[str, Any], *, actor: Actor, at: datetime, **address: Any) -> Reply:
        placed = actions.place_order(
            channel_id=queries.channel_of(actor),
            order=serializers.to_new_order(data),
            actor=actor,
            at=at,
        )
        return Reply(queries.get_document(placed.order_id), 201 if placed.is_new else 200)


class OrderCommand(CommandView, abstract=True):
    """A verb on one order that the caller may see; answers with the order as it is afterwards."""

    returns = serializers.OrderSerializer

    def perform(self, data: dict[str, Any], *, actor: Actor, at: datetime, **address: Any) -> Any:
        order = queries.get_order_by_number(address.pop("number"), actor=actor)
        self.act(order.pk, data, actor=actor, at=at, **address)
        return queries.get_document(order.pk)

    def act(
        self, order_id: int, data: dict[str, Any], *, actor: Actor, at: datetime, **address: Any
    ) -> Any:
        raise NotImplementedError


class ConfirmOrder(OrderCommand):
    permission = permissions.RELEASE

    def act(
        self, order_id: int, data: dict[str, Any], *, actor: Actor, at: datetime, **address: Any
    ) -> Any:
        return actions.confirm_order(order_id=order_id, actor=actor, at=at)


class ReleaseOrder(OrderCommand):
    permission = permissions.RELEASE

    def act(
        self, order_id: int, data: dict[str, Any], *, actor: Actor, at: datetime, **address: Any
    ) -> Any:
        return actions.release_order(order_id=order_id, actor=actor, at=at)


class SourceOrder(OrderCommand):
    """Look for sites again for what is backordered."""

    permission = permissions.SOURCE

    def act(
        self, order_id: int, data: dict[str, Any], *, actor: Actor, at: datetime, **address: Any
    ) -> Any:
        return actions.source_order(order_id=order_id, actor=actor, at=at)


class CancelOrder(OrderCommand):
    """Cancel the order; while a site works on it, the cancellation is requested and completes later."""

    permission = permissions.CANCEL
    accepts = serializers.ReasonSerializer

    def act(
        self, order_id: int, data: dict[str, Any], *, actor: Actor, at: datetime, **address: Any
    ) -> Any:
        return actions.cancel_order(order_id=order_id, reason=data["reason"], actor=actor, at=at)


class HoldOrder(OrderCommand):
    permission = permissions.HOLD
    accepts = serializers.HoldSerializer

    def act(
        self, order_id: int, data: dict[str, Any], *, actor: Actor, at: datetime, **address: Any
    ) -> Any:
        return actions.place_hold(
            order_id=order_id,
            hold_type=data["hold_type"],
            reason=data["reason"],
            line_position=data.get("line"),
            actor=actor,
            at=at,
        )


class ReleaseHold(OrderCommand):
    permission = permissions.HOLD
    accepts = serializers.ReleaseHoldSerializer

    def act(
        self, order_id: int, data: dict[str, Any], *, actor: Actor, at: datetime, **address: Any
    ) -> Any:
        queries.require_hold_of(order_id, address["hold_id"])
        return actions.release_hold(
            hold_id=address["hold_id"], reason=data["reason"], actor=actor, at=at
        )


class OrderDecisions(QueryView):
    """Every automated choice about the order, newest first: inputs, choice, candidates, reasons."""

    permission = permissions.VIEW
    returns = serializers.DecisionSerializer

    def answer(self, *, actor: Actor, at: datetime, **address: Any) -> Any:
        order = queries.get_order_by_number(address["number"], actor=actor)
        return core_queries.list_decisions("order", order.pk)


class OrderHistory(QueryView):
    permission = permissions.VIEW
    returns = serializers.HistoryEntrySerializer

    def answer(self, *, actor: Actor, at: datetime, **address: Any) -> Any:
        order = queries.get_order_by_number(address["number"], actor=actor)
        return core_queries.list_history("order", order.pk)


class PreviewPromise(ApiView):
    """Dates and sites for a basket that is not ordered yet. Nothing is stored, so no key is needed."""

    permission = permissions.VIEW
    accepts = serializers.PromiseRequestSerializer
    returns = serializers.PromiseSerializer

    def post(self, request: Request) -> HttpResponse:
        data = self.accepts.parse(read_json(request._request))
        answer = queries.preview_promise(
            channel_id=queries.channel_of(self.actor, data.get("channel")),
            lines=[(line["sku"], line["quantity"]) for line in data["lines"]],
            country=data["country"],
            postal_code=data["postal_code"],
            service_code=data.get("service_code", ""),
            at=timezone.now(),
        )
        return json_response(answer)
