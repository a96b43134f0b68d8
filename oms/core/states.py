"""State columns: one table of transitions per model, one writer of the column."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django.core.exceptions import FieldDoesNotExist
from django.db import models

from oms.core.errors import TransitionNotAllowed


class Stateful(models.Model):
    """A model with a `status` that follows `TRANSITIONS`.

    A column named after the target (`released_at` for RELEASED) receives the moment.
    """

    TRANSITIONS: ClassVar[Mapping[str, frozenset[str]]]
    status: "models.CharField[Any, Any]"

    class Meta:
        abstract = True

    def can_transition_to(self, target: str) -> bool:
        return target in self.TRANSITIONS.get(self.status, frozenset())

    def transition_to(self, target: str, *, at: datetime) -> None:
        """Write the new status.

        Raises:
            TransitionNotAllowed: the table has no such step.
        """
        if not self.can_transition_to(target):
            raise TransitionNotAllowed(
                f"{self._meta.verbose_name.capitalize()} {getattr(self, 'number', self.pk)} is"
                f" {self.status} and cannot become {target}.",
                current=self.status,
                target=target,
            )
        self.status = target
        fields = ["status"]
        stamp = f"{target.lower()}_at"
        if has_field(type(self), stamp):
            setattr(self, stamp, at)
            fields.append(stamp)
        self.save(update_fields=fields)


def has_field(model: type[models.Model], name: str) -> bool:
    try:
        model._meta.get_field(name)
    except FieldDoesNotExist:
        return False
    return True


def status_check(states: type[models.TextChoices], name: str) -> models.CheckConstraint:
    """The constraint that limits a status column to its enum."""
    return models.CheckConstraint(condition=models.Q(status__in=states.values), name=name)
