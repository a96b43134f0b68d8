"""Rows of the kernel: events, decisions, idempotency keys, jobs, the configuration version."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from oms.core.jobstates import TRANSITIONS, JobStatus
from oms.core.states import Stateful, status_check


class EventRecord(models.Model):
    """One fact: the history of its aggregate, the queue of the handlers, the feed of the webhooks."""

    aggregate_type = models.CharField(max_length=32)
    aggregate_id = models.BigIntegerField()
    seq = models.IntegerField(help_text="Gapless per aggregate, given under its lock")
    type = models.CharField(max_length=64)
    payload = models.JSONField()
    channel_id = models.BigIntegerField(null=True)
    actor_kind = models.CharField(max_length=16)
    actor_id = models.BigIntegerField(null=True)
    request_id = models.CharField(max_length=64, default="")
    at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)
    attempts = models.SmallIntegerField(default=0, db_default=0)
    next_attempt_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, default="", db_default="")

    class Meta:
        db_table = "core_event"
        constraints = [
            models.UniqueConstraint(
                fields=["aggregate_type", "aggregate_id", "seq"], name="event_seq_unique"
            ),
            models.CheckConstraint(condition=Q(seq__gte=1), name="event_seq_positive"),
        ]
        indexes = [
            models.Index(
                fields=["id"], name="event_undelivered", condition=Q(delivered_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type} #{self.pk}"


class HandledEvent(models.Model):
    """The mark that a handler's effect has been committed; written in the handler's transaction."""

    event = models.ForeignKey(
        EventRecord, on_delete=models.CASCADE, related_name="handled", db_index=False
    )
    handler = models.CharField(max_length=120)

    class Meta:
        db_table = "core_handled_event"
        constraints = [
            models.UniqueConstraint(fields=["event", "handler"], name="handled_event_once")
        ]

    def __str__(self) -> str:
        return f"{self.handler} {self.event_id}"


class Decision(models.Model):
    """An automated choice: what went in, what was chosen, what lost and why."""

    kind = models.CharField(max_length=32)
    subject_type = models.CharField(max_length=32)
    subject_id = models.BigIntegerField()
    policy = models.CharField(max_length=64, help_text="Rule and version, e.g. sourcing/1")
    inputs = models.JSONField()
    choice = models.JSONField()
    candidates = models.JSONField(default=list)
    summary = models.CharField(max_length=500)
    actor_kind = models.CharField(max_length=16)
    actor_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "core_decision"
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "kind"], name="decision_subject")
        ]

    def __str__(self) -> str:
        return self.summary


class IdempotencyKey(models.Model):
    """A command that was carried out, with the answer it gave."""

    scope = models.CharField(max_length=64, help_text="Caller and command")
    key_sha256 = models.BinaryField(max_length=32)
    fingerprint = models.BinaryField(max_length=32)
    status_code = models.SmallIntegerField(null=True)
    body = models.BinaryField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "core_idempotency_key"
        constraints = [
            models.UniqueConstraint(fields=["scope", "key_sha256"], name="idempotency_key_once")
        ]
        indexes = [models.Index(fields=["created_at"], name="idempotency_created")]

    def __str__(self) -> str:
        return f"{self.scope} {self.pk}"


class Job(Stateful):
    """Long work that a person watches: progress, cancel, resume after a restart."""

    TRANSITIONS = TRANSITIONS

    kind = models.CharField(max_length=64)
    dedupe_key = models.CharField(max_length=128, default="", db_default="")
    status = models.CharField(max_length=16, choices=JobStatus, default=JobStatus.QUEUED)
    params = models.JSONField(default=dict)
    state = models.JSONField(default=dict, help_text="Where to go on after a restart")
    done_count = models.IntegerField(default=0)
    total_count = models.IntegerField(null=True)
    result = models.JSONField(default=dict)
    last_error = models.TextField(default="", db_default="")
    attempts = models.SmallIntegerField(default=0)
    max_attempts = models.SmallIntegerField(default=5)
    run_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    lease_token = models.BigIntegerField(default=0, help_text="Grows with every claim")
    cancel_requested_at = models.DateTimeField(null=True)
    actor_kind = models.CharField(max_length=16)
    actor_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "core_job"
        constraints = [
            status_check(JobStatus, "job_status_valid"),
            models.UniqueConstraint(
                fields=["kind", "dedupe_key"],
                condition=~Q(dedupe_key="") & Q(status__in=["QUEUED", "RUNNING"]),
                name="job_one_live_per_key",
            ),
            models.CheckConstraint(
                condition=Q(attempts__lte=F("max_attempts")), name="job_attempts_bounded"
            ),
            models.CheckConstraint(
                condition=~Q(status=JobStatus.FAILED) | ~Q(last_error=""), name="job_failed_says_why"
            ),
        ]
        indexes = [
            models.Index(
                fields=["run_at"], name="job_live", condition=Q(status__in=["QUEUED", "RUNNING"])
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"


class ConfigVersion(models.Model):
    """One row whose number changes with every write to a configuration table (by trigger).

    Processes keep loaded configuration and compare this number in the query they make anyway.
    """

    SINGLETON: ClassVar[int] = 1

    version = models.BigIntegerField()

    class Meta:
        db_table = "core_config_version"

    def __str__(self) -> str:
        return str(self.version)

