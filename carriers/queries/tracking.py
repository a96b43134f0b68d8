"""Finished answers about parcels on their way."""

from collections.abc import Sequence

from django.db.models import Count

from carriers.models import Tracking, TrackingEvent


def get_tracking(label_id: int) -> Tracking | None:
    return Tracking.objects.select_related("carrier").filter(label_id=label_id).first()


def list_tracking_for_references(references: Sequence[str]) -> list[Tracking]:
    """Every parcel of these references with its carrier, oldest first."""
    return list(
        Tracking.objects.select_related("carrier", "label")
        .filter(reference__in=list(references))
        .order_by("pk")
    )


def list_tracking_events(tracking_id: int) -> list[TrackingEvent]:
    """A parcel's events by the carrier's own time."""
    return list(TrackingEvent.objects.filter(tracking_id=tracking_id).order_by("occurred_at", "pk"))


def count_trackings_by_status() -> dict[str, int]:
    """How many open parcels are in each status."""
    rows = (
        Tracking.objects.filter(closed_at__isnull=True)
        .values_list("status")
        .annotate(n=Count("pk"))
    )
    return dict(rows)
