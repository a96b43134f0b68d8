"""Decisions: every automated choice is written down with what it rested on."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection

from oms.core.actors import Actor
from oms.core.prepared import Prepared


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """A choice to be recorded.

    `candidates` lists everything considered, best first; a rejected one names in `rejected` the
    constraint that removed it, the others carry their score parts.
    """

    kind: str
    subject_type: str
    subject_id: int
    policy: str
    inputs: Mapping[str, Any]
    choice: Mapping[str, Any]
    candidates: Sequence[Mapping[str, Any]] = field(default_factory=tuple)
    summary: str


_RECORD = Prepared(
    "core_record_decisions",
    (
        *("text", "bigint", "timestamptz"),
        *("text[]", "text[]", "bigint[]", "text[]", "jsonb[]", "jsonb[]", "jsonb[]", "text[]"),
    ),
    """
INSERT INTO core_decision (kind, subject_type, subject_id, policy, inputs, choice, candidates, summary,
                           actor_kind, actor_id, at)
SELECT n.kind, n.subject_type, n.subject_id, n.policy, n.inputs, n.choice, n.candidates, n.summary,
       $1, $2, $3
  FROM unnest($4, $5, $6, $7, $8, $9, $10,
              $11)
       AS n(kind, subject_type, subject_id, policy, inputs, choice, candidates, summary)
""",
)


def record(verdict: Verdict, *, actor: Actor, at: datetime) -> None:
    record_all([verdict], actor=actor, at=at)


def record_all(verdicts: Sequence[Verdict], *, actor: Actor, at: datetime) -> None:
    """Write decisions in the current transaction, in one statement."""
    if not verdicts:
        return
    with connection.cursor() as cursor:
        _RECORD.execute(
            cursor,
            [
                actor.kind.value,
                actor.id,
                at,
                [v.kind for v in verdicts],
                [v.subject_type for v in verdicts],
                [v.subject_id for v in verdicts],
                [v.policy for v in verdicts],
                [_dumps(v.inputs) for v in verdicts],
                [_dumps(v.choice) for v in verdicts],
                [_dumps(v.candidates) for v in verdicts],
                [v.summary[:500] for v in verdicts],
            ],
        )


def _dumps(value: Any) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder)
