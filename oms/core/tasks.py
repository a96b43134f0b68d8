"""Celery's way into the kernel."""

from celery import shared_task
from django.utils import timezone

from oms.core import idempotency, jobs, relay


@shared_task(name="core.relay")
def deliver_events() -> None:
    relay.deliver_due(at=timezone.now())


@shared_task(name="core.run_jobs")
def run_jobs() -> None:
    jobs.run_due(at=timezone.now())


@shared_task(name="core.forget_idempotency_keys")
def forget_idempotency_keys() -> None:
    idempotency.forget_expired(at=timezone.now())
