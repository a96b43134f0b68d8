"""Channels as plain values."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from inventory.models import Site
from orders.models import Channel


@transaction.atomic
def put_channel(*, code: str, sites: Sequence[str] = (), **fields: Any) -> Channel:
    """Create or update a channel; `sites` are the codes of the sites that may ship its orders."""
    channel, _ = Channel.objects.update_or_create(code=code, defaults=fields)
    channel.sites.set(Site.objects.filter(code__in=sites))
    return channel
