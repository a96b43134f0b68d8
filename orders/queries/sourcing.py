"""Sites as the sourcing rule sees them."""

from collections.abc import Mapping
from datetime import date

from orders.queries.config import ChannelInfo, OrderConfig
from orders.queries.lanes import lane_to
from orders.values import SourcingSite


def read_sourcing_sites(
    config: OrderConfig,
    channel: ChannelInfo,
    *,
    country: str,
    postal_code: str,
    service_code: str,
    on: date,
    available: Mapping[int, Mapping[int, int]],
) -> list[SourcingSite]:
    """Every shipping site with its lane to the destination; `available` is site -> product -> units."""
    allowed = {site.id for site in config.sites_of(channel)}
    return [
        SourcingSite(
            site_id=site.id,
            code=site.code,
            priority=site.priority,
            lane=lane_to(
                config,
                site,
                country,
                postal_code,
                tier=service_code,
                currency=channel.currency,
                on=on,
            ),
            available=available.get(site.id, {}),
            refused="" if site.id in allowed else f"does not serve {channel.code}",
        )
        for site in config.sites
    ]
