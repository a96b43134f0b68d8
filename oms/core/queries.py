"""History and decisions of any aggregate."""

from typing import Any

from oms.core.models import Decision, EventRecord


def list_decisions(subject_type: str, subject_id: int) -> list[dict[str, Any]]:
    """Every automated choice about the subject, newest first."""
    rows = Decision.objects.filter(subject_type=subject_type, subject_id=subject_id).order_by("-pk")
    names = ("kind", "policy", "at", "summary", "inputs", "choice", "candidates")
    return [{name: getattr(row, name) for name in names} for row in rows]


def list_history(aggregate_type: str, aggregate_id: int) -> list[dict[str, Any]]:
    """Every event of the aggregate, oldest first."""
    rows = EventRecord.objects.filter(aggregate_type=aggregate_type, aggregate_id=aggregate_id)
    return [
        {
            "seq": row.seq,
            "type": row.type,
            "at": row.at,
            "actor": row.actor_kind if row.actor_id is None else f"{row.actor_kind}:{row.actor_id}",
            "payload": row.payload,
        }
        for row in rows.order_by("seq")
    ]
