"""Choosing sites for an order, reserving there, and promising dates."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from inventory import actions as inventory_actions
from inventory import queries as inventory_queries
from inventory.models import StockLevel
from inventory.values import Want
from oms.core import decisions, doorbell, outbox
from oms.core.actors import Actor
from oms.core.decisions import Verdict
from orders import locks, queries
from orders.events import OrderSourced
from orders.models import Order, OrderAddress, OrderLine
from orders.queries.config import ChannelInfo, OrderConfig
from orders.rules.promise import latest_promise
from orders.rules.release import must_wait_for_stock
from orders.rules.sourcing import choose_sites
from orders.states import ALLOCATABLE, Block
from orders.values import (
    Promise,
    SourcingCandidate,
    SourcingLine,
    SourcingPlan,
    SourcingSite,
)

DEMAND_TYPE = "order_line"
SOURCE_TASK = "orders.source_due"
RELEASE_TASK = "orders.release_due"


@transaction.atomic
def source_order(*, order_id: int, actor: Actor, at: datetime) -> Order:
    """Find sites for every unit that has none yet; what no site has is backordered.

    The stock levels are locked before they are read, so units that are free are never overlooked and units
    that are not are never taken. An order that may not be sourced now is only taken off the queue.

    Raises:
        UnknownOrder: there is none with this id.
    """
    order = locks.lock_order(order_id)
    order.source_due_at = None
    order.save(update_fields=["source_due_at"])
    if order.status not in ALLOCATABLE or order.cancel_requested_at:
        return order
    lines = [ln for ln in locks.lock_lines(order_id) if ln.quantity_unsourced + ln.quantity_backordered]
    if lines:
        _source(order, lines, actor=actor, at=at)
    return order


@transaction.atomic
def queue_backorders(*, product_ids: Iterable[int], at: datetime) -> int:
    """Put the open orders that wait for these products on the sourcing queue; returns how many."""
    waiting = OrderLine.objects.filter(
        product_id__in=list(product_ids), quantity_backordered__gt=0
    ).values("order_id")
    count = Order.objects.filter(
        pk__in=waiting, status__in=ALLOCATABLE, source_due_at__isnull=True
    ).update(source_due_at=at)
    if count:
        doorbell.ring(SOURCE_TASK)
    return count


def _source(order: Order, lines: Sequence[OrderLine], *, actor: Actor, at: datetime) -> None:
    config = queries.get_current_config()
    channel = config.channels[order.channel_id]
    stocked = [line for line in lines if line.product.is_stocked]
    levels = inventory_actions.lock_levels_for(
        product_ids={line.product_id for line in stocked},
        site_ids={site.id for site in config.sites_of(channel)},
    )
    sites = _sites(config, channel, order, levels, at)
    wanted = [
        SourcingLine(
            line.pk,
            line.product_id,
            line.quantity_unsourced + line.quantity_backordered,
            line.product.weight_g,
        )
        for line in stocked
    ]
    plan = choose_sites(wanted, sites, channel.sourcing)
    _reserve(plan, levels, wanted, actor=actor, at=at)
    _write_lines(order, lines, plan)
    promised = _promise_open_reservations(config, order, sites, at)
    _finish(order, channel, plan, wanted, sites, promised, actor=actor, at=at)


def _sites(
    config: OrderConfig, channel: ChannelInfo, order: Order, levels: Sequence[StockLevel], at: datetime
) -> list[SourcingSite]:
    address = OrderAddress.objects.filter(order=order, kind="SHIP").first()
    available: dict[int, dict[int, int]] = defaultdict(dict)
    for level in levels:
        available[level.site_id][level.product_id] = level.available
    return queries.read_sourcing_sites(
        config,
        channel,
        country=order.ship_country,
        postal_code=address.postal_code if address else "",
        service_code=order.service_code,
        on=at.date(),
        available=available,
    )


def _reserve(
    plan: SourcingPlan,
    levels: Sequence[StockLevel],
    wanted: Sequence[SourcingLine],
    *,
    actor: Actor,
    at: datetime,
) -> None:
    level_ids = {(level.site_id, level.product_id): level.pk for level in levels}
    products = {line.line: line.product_id for line in wanted}
    wants = [
        Want(level_ids[(a.site_id, products[a.line])], a.quantity, a.line) for a in plan.assignments
    ]
    if wants:
        made = inventory_actions.reserve_all(
            wants=wants, demand_type=DEMAND_TYPE, actor=actor, at=at
        )
        assert made is not None, "the levels were locked before they were read"


def _write_lines(order: Order, lines: Sequence[OrderLine], plan: SourcingPlan) -> None:
    assigned: dict[int, int] = defaultdict(int)
    for assignment in plan.assignments:
        assigned[assignment.line] += assignment.quantity
    changes = {}
    for line in lines:
        # Services and charges need no stock: all of their units count as allocated at once.
        missing = plan.backordered.get(line.pk, 0)
        got = assigned[line.pk] if line.product.is_stocked else line.quantity_unsourced
        changes[line.pk] = {
            "quantity_allocated": got,
            "quantity_backordered": missing - line.quantity_backordered,
        }
    locks.add_to_lines(order.pk, changes)


def _promise_open_reservations(
    config: OrderConfig, order: Order, sites: Sequence[SourcingSite], at: datetime
) -> Promise | None:
    line_ids = list(OrderLine.objects.filter(order=order).values_list("pk", flat=True))
    reservations = inventory_queries.list_open_reservations(DEMAND_TYPE, line_ids)
    used = {reservation.stock_level.site_id for reservation in reservations}
    return latest_promise(config.calendars, sites, used, at)


def _finish(
    order: Order,
    channel: ChannelInfo,
    plan: SourcingPlan,
    wanted: Sequence[SourcingLine],
    sites: Sequence[SourcingSite],
    promised: Promise | None,
    *,
    actor: Actor,
    at: datetime,
) -> None:
    missing = sum(plan.backordered.values())
    outcome = SourcingOutcome.of(channel, plan, promised, missing)
    order.promised_ship_at = outcome.ship_at
    order.promised_delivery_date = outcome.delivery_date
    if plan.quantity_assigned or not wanted:
        order.release_due_at = release_due(channel, outcome, blocked=False, at=at)
    order.save(
        update_fields=["promised_ship_at", "promised_delivery_date", "release_due_at"]
    )
    decisions.record_all(
        sourcing_verdicts(order.pk, channel, plan, wanted, sites, outcome), actor=actor, at=at
    )
    outbox.append(outcome.event(order.pk, order.channel_id, plan), actor=actor, at=at)
    if order.release_due_at:
        doorbell.ring(RELEASE_TASK)


@dataclass(frozen=True)
class SourcingOutcome:
    """What sourcing means for the order: promised dates, and whether it may leave now."""

    ship_at: datetime | None
    delivery_date: date | None
    may_leave: bool

    @classmethod
    def of(
        cls, channel: ChannelInfo, plan: SourcingPlan, promised: Promise | None, missing: int
    ) -> "SourcingOutcome":
        waits = must_wait_for_stock(channel.backorder_policy, missing)
        if promised is None or waits:
            return cls(None, None, may_leave=not waits)
        return cls(promised.ship_at, promised.delivery_date, may_leave=True)

    def event(self, order_id: int, channel_id: int, plan: SourcingPlan) -> OrderSourced:
        return OrderSourced(
            order_id=order_id,
            channel_id=channel_id,
            quantity_allocated=plan.quantity_assigned,
            quantity_backordered=sum(plan.backordered.values()),
            promised_ship_at=self.ship_at.isoformat() if self.ship_at else None,
            promised_delivery_date=self.delivery_date.isoformat() if self.delivery_date else None,
        )


def release_due(
    channel: ChannelInfo, outcome: SourcingOutcome, *, blocked: bool, at: datetime
) -> datetime | None:
    """When the order should be handed to its sites by itself; None: not by itself."""
    if not channel.auto_release or blocked or not outcome.may_leave:
        return None
    return at + channel.release_delay


def blocks(config: OrderConfig, hold_codes: Iterable[str], step: Block) -> bool:
    return any(step in config.holds[code][1] for code in hold_codes if code in config.holds)


def sourcing_verdicts(
    order_id: int,
    channel: ChannelInfo,
    plan: SourcingPlan,
    lines: Sequence[SourcingLine],
    sites: Sequence[SourcingSite],
    outcome: SourcingOutcome,
) -> list[Verdict]:
    """The decision records of one sourcing: the sites, and the dates that follow from them."""
    policy = channel.sourcing
    codes = {site.site_id: site.code for site in sites}
    sourcing = Verdict(
        kind="sourcing",
        subject_type="order",
        subject_id=order_id,
        policy=policy.version,
        inputs={
            "lines": [[ln.line, ln.product_id, ln.quantity, ln.weight_g] for ln in lines],
            "sites": [_frozen_site(site) for site in sites],
            "allow_split": policy.allow_split,
            "split_penalty": str(policy.split_penalty),
            "max_sites": policy.max_sites,
        },
        choice={
            "assignments": [[a.line, codes[a.site_id], a.quantity] for a in plan.assignments],
            "backordered": {str(line): units for line, units in plan.backordered.items()},
        },
        candidates=[_frozen_candidate(candidate) for candidate in plan.candidates],
        summary=plan.summary,
    )
    return [sourcing, _promise_verdict(order_id, outcome, plan, codes)]


def _promise_verdict(
    order_id: int, outcome: SourcingOutcome, plan: SourcingPlan, codes: Mapping[int, str]
) -> Verdict:
    sites = sorted({codes[assignment.site_id] for assignment in plan.assignments})
    if outcome.ship_at:
        summary = (
            f"Leaves {', '.join(sites) or 'its sites'} by {outcome.ship_at:%Y-%m-%d %H:%M} UTC,"
            f" arrives by {outcome.delivery_date}."
        )
    elif not outcome.may_leave:
        summary = "No date is promised: the order waits for stock."
    else:
        summary = "No date is promised: nothing is reserved."
    return Verdict(
        kind="promise",
        subject_type="order",
        subject_id=order_id,
        policy="promise/1",
        inputs={"sites": sites},
        choice={
            "ship_at": outcome.ship_at,
            "delivery_date": outcome.delivery_date,
        },
        summary=summary,
    )


def _frozen_site(site: SourcingSite) -> dict[str, Any]:
    lane = site.lane
    return {
        "site": site.code,
        "priority": site.priority,
        "available": site.available,
        "refused": site.refused,
        "lane": None
        if lane is None
        else [lane.service_code, lane.transit_days, lane.frozen_tariff],
    }


def _frozen_candidate(candidate: SourcingCandidate) -> dict[str, Any]:
    frozen: dict[str, Any] = {"sites": candidate.sites, "covered": candidate.covered}
    if candidate.total_cost is not None:
        frozen["shipping_cost"] = str(candidate.shipping_cost)
        frozen["split_penalty"] = str(candidate.split_penalty)
        frozen["total_cost"] = str(candidate.total_cost)
    if candidate.rejected:
        frozen["rejected"] = candidate.rejected
    return frozen


