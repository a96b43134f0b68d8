"""States and kinds of orders. Progress is counted on the lines, never stated here."""

from django.db import models


class OrderStatus(models.TextChoices):
    DRAFT = "DRAFT"
    PLACED = "PLACED"
    CONFIRMED = "CONFIRMED"
    RELEASED = "RELEASED"
    COMPLETED = "COMPLETED"
    CANCELLED = "CANCELLED"


TRANSITIONS: dict[str, frozenset[str]] = {
    OrderStatus.DRAFT: frozenset({OrderStatus.PLACED, OrderStatus.CANCELLED}),
    OrderStatus.PLACED: frozenset({OrderStatus.CONFIRMED, OrderStatus.CANCELLED}),
    OrderStatus.CONFIRMED: frozenset({OrderStatus.RELEASED, OrderStatus.CANCELLED}),
    OrderStatus.RELEASED: frozenset({OrderStatus.COMPLETED, OrderStatus.CANCELLED}),
    OrderStatus.COMPLETED: frozenset(),
    OrderStatus.CANCELLED: frozenset(),
}
OPEN = frozenset(
    {OrderStatus.DRAFT, OrderStatus.PLACED, OrderStatus.CONFIRMED, OrderStatus.RELEASED}
)
ALLOCATABLE = frozenset({OrderStatus.CONFIRMED, OrderStatus.RELEASED})


class OrderKind(models.TextChoices):
    SALE = "SALE"
    CREDIT = "CREDIT"  # a historical credit note: quantities positive, amounts negative


class OrderOrigin(models.TextChoices):
    CAPTURE = "CAPTURE"
    IMPORT = "IMPORT"


class ImportOutcome(models.TextChoices):
    """What became of one invoice of an imported file."""

    PENDING = "PENDING"
    IMPORTED = "IMPORTED"
    SKIPPED = "SKIPPED"  # the same order is here already
    REJECTED = "REJECTED"


class ChannelKind(models.TextChoices):
    ONLINE = "ONLINE"
    PHONE = "PHONE"
    STORE = "STORE"
    MARKETPLACE = "MARKETPLACE"


class BackorderPolicy(models.TextChoices):
    WAIT = "WAIT"  # the order leaves as a whole
    SHIP_AVAILABLE = "SHIP_AVAILABLE"  # what is there leaves, the rest follows


class PaymentStatus(models.TextChoices):
    UNPAID = "UNPAID"
    AUTHORIZED = "AUTHORIZED"
    PAID = "PAID"
    REFUNDED = "REFUNDED"


class AddressKind(models.TextChoices):
    SHIP = "SHIP"
    BILL = "BILL"


class Block(models.TextChoices):
    """A step that a hold can block."""

    CONFIRM = "CONFIRM"
    RELEASE = "RELEASE"
    SHIP = "SHIP"
