"""Row locks, claims and guarded statements of carriers."""

from carriers.models import ServiceLevel


def lock_service(service_id: int) -> ServiceLevel:
    return ServiceLevel.objects.select_for_update(of=("self",)).get(pk=service_id)
