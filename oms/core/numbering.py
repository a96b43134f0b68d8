"""Numbers for people: a prefix and the row's own id, computed by the database."""

from django.db import models
from django.db.models.functions import Cast, Concat, Greatest, Length, LPad

WIDTH = 6


def number_field(prefix: str) -> models.GeneratedField:
    """A stored column such as SO-000123; ids with more digits than `WIDTH` are written in full."""
    digits = Cast("id", models.TextField())
    return models.GeneratedField(
        expression=Concat(
            models.Value(f"{prefix}-"),
            LPad(digits, Greatest(Length(digits), WIDTH), models.Value("0")),
            output_field=models.TextField(),
        ),
        output_field=models.CharField(max_length=24),
        db_persist=True,
        unique=True,
    )


def format_number(prefix: str, pk: int) -> str:
    """The same number for an id that is not written yet."""
    return f"{prefix}-{pk:0{WIDTH}d}"
