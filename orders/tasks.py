"""Sweeps over orders whose moment has come."""

from datetime import datetime

import structlog
from celery import shared_task
from django.utils import timezone

from oms.core.actors import SYSTEM
from oms.core.errors import DomainError, db_busy
from orders import actions, queries

BATCH = 200

log = structlog.get_logger(__name__)


@shared_task(name="orders.source_due")
def source_due_orders() -> int:
    """Source orders that wait, the most urgent first."""
    at = timezone.now()
    done = 0
    for order_id in queries.list_due_for_sourcing(at=at, limit=BATCH):
        try:
            with db_busy():
                actions.source_order(order_id=order_id, actor=SYSTEM, at=at)
            done += 1
        except DomainError as exc:
            log.info("order_not_sourced", order_id=order_id, code=exc.code)
    return done


@shared_task(name="orders.release_due")
def release_due_orders() -> int:
    """Confirm or release orders whose time has come; those that may not go on leave the queue."""
    at = timezone.now()
    done = 0
    for order_id in queries.list_due_for_release(at=at, limit=BATCH):
        done += _advance(order_id, at)
    return done


def _advance(order_id: int, at: datetime) -> int:
    try:
        with db_busy():
            actions.advance_due_order(order_id=order_id, actor=SYSTEM, at=at)
    except DomainError as exc:
        log.info("order_not_released", order_id=order_id, code=exc.code)
        if exc.status != 503:
            actions.take_off_release_queue(order_id=order_id, at=at)
        return 0
    return 1
