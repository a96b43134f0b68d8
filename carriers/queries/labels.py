"""Finished answers about labels."""

from collections.abc import Sequence

from django.db.models import Q

from carriers.errors import LabelNotReady, UnknownLabel
from carriers.models import Label, LabelDocument
from carriers.models.labels import LabelQuerySet
from carriers.states import LabelStatus
from carriers.values import Document


def get_label(label_id: int) -> Label:
    """The label with its account, carrier and service.

    Raises:
        UnknownLabel: there is none with this id.
    """
    found = _labels().filter(pk=label_id).first()
    if found is None:
        raise UnknownLabel(f"There is no label {label_id}.")
    return found


def get_live_label(reference: str) -> Label | None:
    """The label that the reference has or is about to get."""
    return _labels().filter(reference=reference).live().first()


def list_labels_for_references(references: Sequence[str]) -> list[Label]:
    """Every label of these references, the dead ones too, oldest first."""
    return list(_labels().filter(reference__in=list(references)).order_by("pk"))


def list_stuck_labels(limit: int = 100) -> list[Label]:
    """Labels that only a person can move on, oldest first."""
    stuck = Q(status=LabelStatus.FAILED) | Q(
        status=LabelStatus.UNKNOWN, next_attempt_at__isnull=True
    )
    return list(_labels().filter(stuck).order_by("intended_at", "pk")[:limit])


def get_label_document(label_id: int, document_format: str) -> Document:
    """The label as the printer wants it, PDF or ZPL.

    Raises:
        LabelNotReady: the carrier has not sold it yet, or not in this format.
    """
    found = LabelDocument.objects.filter(label_id=label_id, format=document_format).first()
    if found is None:
        raise LabelNotReady(f"Label {label_id} has no {document_format}.")
    return Document(found.kind, found.format, bytes(found.content))


def _labels() -> LabelQuerySet:
    return Label.objects.select_related("account__carrier", "service")
