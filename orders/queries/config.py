"""Configuration that capture and sourcing rest on, loaded once per configuration version."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any


from carriers import queries as carriers_queries
from carriers.values import RateTable
from inventory import queries as inventory_queries
from inventory.queries import SiteInfo
from oms.core.config import Cached, current_version
from orders.models import Channel, HoldType
from orders.values import CheckPolicy, Lane, SiteCalendar, SourcingPolicy


@dataclass(frozen=True)
class ChannelInfo:
    id: int
    code: str
    currency: str
    default_priority: int
    service_code: str
    auto_release: bool
    release_delay: timedelta
    backorder_policy: str
    duplicate_window: timedelta
    site_ids: frozenset[int]  # empty: every shipping site
    checks: CheckPolicy
    sourcing: SourcingPolicy
    is_active: bool


@dataclass(frozen=True)
class OrderConfig:
    channels: Mapping[int, ChannelInfo]
    sites: tuple[SiteInfo, ...]
    holds: Mapping[str, tuple[int, frozenset[str]]]  # active hold types: code -> (id, blocks)
    rates: RateTable
    lanes: dict[Any, Lane | None] = field(default_factory=dict)  # filled as destinations come up

    @cached_property
    def calendars(self) -> dict[int, SiteCalendar]:
        return {
            site.id: SiteCalendar(
                timezone=site.timezone,
                hours=site.hours,
                closures=site.closures,
                processing_minutes=site.processing_minutes,
            )
            for site in self.sites
        }

    @cached_property
    def sites_by_id(self) -> dict[int, SiteInfo]:
        return {site.id: site for site in self.sites}

    def sites_of(self, channel: ChannelInfo) -> list[SiteInfo]:
        return [s for s in self.sites if not channel.site_ids or s.id in channel.site_ids]


def get_config(version: int) -> OrderConfig:
    """The configuration of this version; callers got the number in a query they made anyway."""
    return _cached.get(version)


def get_current_config() -> OrderConfig:
    return get_config(current_version())


def _load() -> OrderConfig:
    return OrderConfig(
        channels={channel.pk: _channel(channel) for channel in _channels()},
        sites=tuple(inventory_queries.list_shipping_sites()),
        holds={
            hold.code: (hold.pk, frozenset(hold.blocks))
            for hold in HoldType.objects.filter(is_active=True)
        },
        rates=carriers_queries.get_rate_table(),
    )


def _channels() -> list[Channel]:
    return list(Channel.objects.prefetch_related("sites"))


def _channel(channel: Channel) -> ChannelInfo:
    return ChannelInfo(
        id=channel.pk,
        code=channel.code,
        currency=channel.currency,
        default_priority=channel.default_priority,
        service_code=channel.service_code,
        auto_release=channel.auto_release,
        release_delay=timedelta(seconds=channel.release_delay_s),
        backorder_policy=channel.backorder_policy,
        duplicate_window=timedelta(hours=channel.duplicate_window_hours),
        site_ids=frozenset(site.pk for site in channel.sites.all()),
        checks=CheckPolicy(
            amount_limit=channel.amount_limit, requires_payment=channel.requires_payment
        ),
        sourcing=SourcingPolicy(
            allow_split=channel.allow_split,
            split_penalty=Decimal(channel.split_penalty_amount),
        ),
        is_active=channel.is_active,
    )


_cached = Cached(_load)
