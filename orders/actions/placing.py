"""Capture: an order becomes a row, is verified, sourced, reserved and promised, in one transaction."""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, OperationalError, transaction

from inventory import actions as inventory_actions
from inventory.values import Want
from oms.core import decisions, doorbell, outbox
from oms.core.actors import Actor
from oms.core.decisions import Verdict
from oms.core.errors import FieldError, is_busy
from oms.core.events import Event
from oms.core.money import format_amount
from oms.core.numbering import format_number
from orders import locks, queries
from orders.actions.holding import insert_holds
from orders.actions.sourcing import (
    DEMAND_TYPE,
    RELEASE_TASK,
    SOURCE_TASK,
    SourcingOutcome,
    blocks,
    release_due,
    source_order,
    sourcing_verdicts,
)
from orders.errors import ExternalRefTaken, OrderInvalid, TotalMismatch, UnknownChannel
from orders.events import OrderConfirmed, OrderHeld, OrderPlaced
from orders.models import Order
from orders.queries.capture import CaptureContext, ProductRow
from orders.queries.config import ChannelInfo, OrderConfig
from orders.rules.promise import latest_promise
from orders.rules.sourcing import choose_sites
from orders.rules.totals import compute_totals
from orders.rules.verification import verify
from orders.states import Block, OrderStatus
from orders.values import (
    CheckedOrder,
    HoldWanted,
    NewOrder,
    SourcingLine,
    SourcingPlan,
    SourcingSite,
    Totals,
)

MAX_AMOUNT = Decimal("9999999999")


@dataclass(frozen=True)
class Placed:
    """The result of a capture; `is_new` is false when the same order had been captured before."""

    order_id: int
    number: str
    is_new: bool


@transaction.atomic(savepoint=False)
def place_order(*, channel_id: int, order: NewOrder, actor: Actor, at: datetime) -> Placed:
    """Store an order of a channel, verify it, reserve its stock and promise its dates.

    What cannot be reserved is backordered. When the stock rows are busy for too long the order is stored all
    the same and sourced by the sweep.

    Raises:
        UnknownChannel: there is no active channel with this id.
        OrderInvalid: a line or an amount cannot be accepted; nothing is stored.
        TotalMismatch: the recomputed total is not the expected one; nothing is stored.
        ExternalRefTaken: the reference belongs to an order with another content.
    """
    context = queries.read_capture_context(
        channel_id=channel_id,
        external_ref=order.external_ref,
        customer_ref=order.customer.external_ref if order.customer else None,
        skus=sorted({line.sku for line in order.lines}),
        lines=len(order.lines),
        at=at,
    )
    content = _content(order)
    if context.taken_by is not None:
        return _repeat(context.taken_by, content)
    config = queries.get_config(context.config_version)
    capture = _Capture.prepare(config, channel_id, order, context, at=at)
    try:
        capture.write(content, actor=actor)
    except IntegrityError as exc:
        if "order_ref_per_channel" in str(exc):
            raise ExternalRefTaken(
                f"The reference {order.external_ref} was taken a moment ago; send the request again."
            ) from exc
        raise
    return Placed(context.order_id, format_number("SO", context.order_id), is_new=True)


def _content(order: NewOrder) -> bytes:
    return hashlib.sha256(repr(order).encode()).digest()


def _repeat(taken_by: tuple[int, str | None], content: bytes) -> Placed:
    order_id, known = taken_by
    number = format_number("SO", order_id)
    if known != content.hex():
        raise ExternalRefTaken(f"This reference belongs to {number}.", number=number)
    return Placed(order_id, number, is_new=False)


@dataclass(frozen=True)
class _Capture:
    """One capture between deciding and writing."""

    config: OrderConfig
    channel: ChannelInfo
    order: NewOrder
    context: CaptureContext
    at: datetime
    products: tuple[ProductRow, ...]  # by line
    prices: tuple[Decimal, ...]
    totals: Totals
    holds: tuple[HoldWanted, ...]

    @classmethod
    def prepare(
        cls,
        config: OrderConfig,
        channel_id: int,
        order: NewOrder,
        context: CaptureContext,
        *,
        at: datetime,
    ) -> "_Capture":
        channel = config.channels.get(channel_id)
        if channel is None or not channel.is_active:
            raise UnknownChannel(f"There is no active channel {channel_id}.")
        products, prices = _check_lines(order, channel, context)
        totals = compute_totals(
            order.lines, prices, shipping=order.shipping, discount=order.discount,
            currency=order.currency,
        )  # fmt: skip
        _check_totals(order, totals)
        similar = tuple(
            number
            for number, total, placed in context.recent
            if total == totals.total and at - placed < channel.duplicate_window
        )
        checked = CheckedOrder(
            totals.total, order.currency, order.payment_status, order.ship_to, similar
        )
        holds = tuple(h for h in verify(checked, channel.checks) if h.hold_type in config.holds)
        return cls(config, channel, order, context, at, products, prices, totals, holds)

    @property
    def is_confirmed(self) -> bool:
        return not self._blocked(Block.CONFIRM)

    def write(self, content: bytes, *, actor: Actor) -> None:
        plan, sites = self._plan() if self.is_confirmed else (None, [])
        if plan is None or plan.backordered:
            self._insert(content, None, None)
            self._record([], None, actor=actor)
            if plan is not None:
                # Only locked numbers may send a unit to the backorder: free units are never overlooked.
                self._source_now_or_later(actor=actor)
            return
        outcome = self._outcome(plan, sites)
        self._insert(content, plan, outcome)
        lines = self._sourcing_lines()
        verdicts = sourcing_verdicts(
            self.context.order_id, self.channel, plan, lines, sites, outcome
        )
        if self._reserve(plan, actor=actor):
            event = outcome.event(self.context.order_id, self.channel.id, plan)
            self._record(verdicts, event, actor=actor)
        else:
            # Somebody was faster since the unlocked read: decide again, under the lock.
            self._undo_plan()
            self._record([], None, actor=actor)
            self._source_now_or_later(actor=actor)

    def _plan(self) -> tuple[SourcingPlan, list[SourcingSite]]:
        available: dict[int, dict[int, int]] = defaultdict(dict)
        for product in self.products:
            for row in product.stock:
                available[row.site_id][product.id] = row.available
        address = self.order.ship_to
        sites = queries.read_sourcing_sites(
            self.config,
            self.channel,
            country=address.country,
            postal_code=address.postal_code,
            service_code=self._service_code,
            on=self.at.date(),
            available=available,
        )
        return choose_sites(self._sourcing_lines(), sites, self.channel.sourcing), sites

    def _sourcing_lines(self) -> list[SourcingLine]:
        rows = zip(self.context.line_ids, self.products, self.order.lines, strict=True)
        return [
            SourcingLine(line_id, product.id, line.quantity, product.weight_g)
            for line_id, product, line in rows
            if product.is_stocked
        ]

    def _outcome(self, plan: SourcingPlan, sites: Sequence[SourcingSite]) -> SourcingOutcome:
        used = {assignment.site_id for assignment in plan.assignments}
        promised = latest_promise(self.config.calendars, sites, used, self.at)
        return SourcingOutcome.of(self.channel, plan, promised, missing=0)

    def _insert(
        self, content: bytes, plan: SourcingPlan | None, outcome: SourcingOutcome | None
    ) -> None:
        order, at = self.order, self.at
        blocked = self._blocked(Block.RELEASE)
        due = release_due(self.channel, outcome, blocked=blocked, at=at) if outcome else None
        locks.insert_order(
            locks.OrderRow(
                order_id=self.context.order_id,
                channel_id=self.channel.id,
                external_ref=order.external_ref,
                content_sha256=content,
                customer_id=self._customer_id(),
                status=OrderStatus.CONFIRMED if self.is_confirmed else OrderStatus.PLACED,
                payment_status=order.payment_status,
                priority=self.channel.default_priority
                if order.priority is None
                else order.priority,
                service_code=self._service_code,
                currency=order.currency,
                totals=self.totals,
                placed_at=at,
                confirmed_at=at if self.is_confirmed else None,
                promised_ship_at=outcome.ship_at if outcome else None,
                promised_delivery_date=outcome.delivery_date if outcome else None,
                source_due_at=None,
                release_due_at=due,
                ship_to=order.ship_to,
                line_ids=self.context.line_ids,
                lines=order.lines,
                product_ids=[product.id for product in self.products],
                prices=self.prices,
                allocated=self._allocated(plan),
            )
        )
        if due:
            doorbell.ring(RELEASE_TASK)

    def _customer_id(self) -> int | None:
        customer = self.order.customer
        if customer is None or self.context.customer_id is not None:
            return self.context.customer_id
        return locks.upsert_customer(
            channel_id=self.channel.id,
            external_ref=customer.external_ref,
            name=customer.name,
            email=customer.email,
            phone=customer.phone,
            country=self.order.ship_to.country,
        )

    def _allocated(self, plan: SourcingPlan | None) -> list[int]:
        if plan is None:
            return [0] * len(self.order.lines)
        return [line.quantity for line in self.order.lines]

    def _reserve(self, plan: SourcingPlan, *, actor: Actor) -> bool:
        rows = zip(self.context.line_ids, self.products, strict=True)
        levels = {
            (line_id, row.site_id): row.level_id
            for line_id, product in rows
            for row in product.stock
        }
        wants = [Want(levels[(a.line, a.site_id)], a.quantity, a.line) for a in plan.assignments]
        if not wants:
            return True
        made = inventory_actions.reserve_all(
            wants=wants, demand_type=DEMAND_TYPE, actor=actor, at=self.at
        )
        return made is not None

    def _undo_plan(self) -> None:
        changes = {
            line_id: {"quantity_allocated": -line.quantity}
            for line_id, line in zip(self.context.line_ids, self.order.lines, strict=True)
        }
        locks.add_to_lines(self.context.order_id, changes)
        Order.objects.filter(pk=self.context.order_id).update(
            promised_ship_at=None, promised_delivery_date=None, release_due_at=None
        )

    def _source_now_or_later(self, *, actor: Actor) -> None:
        try:
            with transaction.atomic():
                source_order(order_id=self.context.order_id, actor=actor, at=self.at)
        except OperationalError as exc:
            if not is_busy(exc):
                raise
            Order.objects.filter(pk=self.context.order_id).update(source_due_at=self.at)
            doorbell.ring(SOURCE_TASK)

    def _record(
        self, verdicts: Sequence[Verdict], sourced: Event | None, *, actor: Actor
    ) -> None:
        if self.holds:
            insert_holds(
                order_id=self.context.order_id,
                holds=[(self.config.holds[h.hold_type][0], h.reason) for h in self.holds],
                actor=actor,
                at=self.at,
            )
        decisions.record_all([self._verification(), *verdicts], actor=actor, at=self.at)
        outbox.append_all([*self._events(), *([sourced] if sourced else [])], actor=actor, at=self.at)

    def _events(self) -> list[Event]:
        order_id, channel_id = self.context.order_id, self.channel.id
        events: list[Event] = [
            OrderPlaced(
                order_id=order_id,
                channel_id=channel_id,
                number=format_number("SO", order_id),
                external_ref=self.order.external_ref,
                total_amount=format_amount(self.totals.total, self.order.currency),
                currency=self.order.currency,
                line_count=len(self.order.lines),
            )
        ]
        events += [
            OrderHeld(order_id=order_id, channel_id=channel_id, hold_type=hold.hold_type)
            for hold in self.holds
        ]
        if self.is_confirmed:
            events.append(OrderConfirmed(order_id=order_id, channel_id=channel_id))
        return events

    def _verification(self) -> Verdict:
        found = [hold.hold_type for hold in self.holds]
        return Verdict(
            kind="verification",
            subject_type="order",
            subject_id=self.context.order_id,
            policy=self.channel.checks.version,
            inputs={
                "total": str(self.totals.total),
                "payment_status": self.order.payment_status,
                "amount_limit": self.channel.checks.amount_limit,
                "requires_payment": self.channel.checks.requires_payment,
                "recent_orders": len(self.context.recent),
            },
            choice={"holds": found},
            summary=f"Held: {', '.join(found)}." if found else "No check found anything.",
        )

    def _blocked(self, step: Block) -> bool:
        return blocks(self.config, [hold.hold_type for hold in self.holds], step)

    @property
    def _service_code(self) -> str:
        return self.order.service_code or self.channel.service_code


def _check_lines(
    order: NewOrder, channel: ChannelInfo, context: CaptureContext
) -> tuple[tuple[ProductRow, ...], tuple[Decimal, ...]]:
    problems: list[FieldError] = []
    if order.currency != channel.currency:
        detail = f"This channel sells in {channel.currency}."
        problems.append(FieldError("/currency", "wrong_currency", detail))
    if not order.lines:
        problems.append(FieldError("/lines", "required", "An order has at least one line."))
    products: list[ProductRow] = []
    prices: list[Decimal] = []
    for index, line in enumerate(order.lines):
        product = context.products.get(line.sku)
        price = line.unit_price
        if price is None and product is not None:
            price = product.list_price
        problem = _line_problem(index, product, price, line.sku)
        if problem:
            problems.append(problem)
        elif product is not None and price is not None:
            products.append(product)
            prices.append(price)
    if problems:
        raise OrderInvalid(errors=problems)
    return tuple(products), tuple(prices)


def _line_problem(
    index: int, product: ProductRow | None, price: Decimal | None, sku: str
) -> FieldError | None:
    where = f"/lines/{index}"
    if product is None:
        return FieldError(f"{where}/sku", "unknown_sku", f"There is no product {sku}.")
    if not product.is_active:
        return FieldError(f"{where}/sku", "inactive_sku", f"Product {sku} is not sold any more.")
    if price is None:
        return FieldError(f"{where}/unit_price", "required", f"{sku} has no list price: send one.")
    return None


def _check_totals(order: NewOrder, totals: Totals) -> None:
    problems = [
        FieldError(f"/lines/{index}/discount", "exceeds_line", "The discount is above the line's value.")
        for index, total in enumerate(totals.lines)
        if total < 0
    ]
    if totals.total < 0:
        problems.append(FieldError("/discount", "exceeds_order", "The order's total is below 0."))
    if totals.total > MAX_AMOUNT:
        problems.append(FieldError("/lines", "too_large", "The order's total is too large."))
    if problems:
        raise OrderInvalid(errors=problems)
    if order.expected_total is not None and order.expected_total != totals.total:
        total = format_amount(totals.total, order.currency)
        raise TotalMismatch(
            f"The total is {total} {order.currency}.",
            errors=[FieldError("/expected_total", "mismatch", f"The recomputed total is {total}.")],
            total=total,
        )

