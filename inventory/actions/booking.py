"""Units that come, vanish, or are counted differently."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from inventory import locks
from inventory.actions.reserving import release_reservations
from inventory.errors import EffectAlreadyBooked, InsufficientStock, UnknownProduct, UnknownSite
from inventory.events import StockIncreased, StockWrittenDown
from inventory.models import Product, Site, StockLevel
from inventory.states import MovementKind
from inventory.values import NewStock, Spend
from oms.core import outbox
from oms.core.actors import Actor
from oms.core.errors import FieldError, Invalid
from oms.core.events import Event



@transaction.atomic
def receive_stock(
    *,
    items: Sequence[NewStock],
    effect_key: str,
    reference: tuple[str, int] = ("receipt", 0),
    reason: str = "",
    actor: Actor,
    at: datetime,
) -> list[StockLevel]:
    """Book received units; levels that do not exist yet are opened.

    `effect_key` names the delivery: booking it twice is refused.

    Raises:
        UnknownProduct, UnknownSite: a SKU or a site code is unknown.
        Invalid: a quantity is not positive.
        EffectAlreadyBooked: this effect key has been used.
    """
    if wrong := [i for i, item in enumerate(items) if item.quantity <= 0]:
        raise Invalid(
            errors=[FieldError(f"/items/{i}/quantity", "min_value", "Must be above 0.") for i in wrong]
        )
    return _book(
        items, MovementKind.RECEIPT, effect_key, reference=reference, reason=reason, actor=actor, at=at
    )


@transaction.atomic
def adjust_stock(
    *, items: Sequence[NewStock], effect_key: str, reason: str, actor: Actor, at: datetime
) -> list[StockLevel]:
    """Correct on-hand quantities by signed amounts, with a reason.

    Raises:
        UnknownProduct, UnknownSite: a SKU or a site code is unknown.
        Invalid: a quantity is zero or the reason is missing.
        InsufficientStock: the level would fall below zero or below its reservations.
        EffectAlreadyBooked: this effect key has been used.
    """
    problems = [
        FieldError(f"/items/{i}/quantity", "zero", "Must not be 0.")
        for i, item in enumerate(items)
        if item.quantity == 0
    ]
    if not reason:
        problems.append(FieldError("/reason", "required", "Say why the stock is corrected."))
    if problems:
        raise Invalid(errors=problems)
    return _book(
        items, MovementKind.ADJUSTMENT, effect_key, reference=("adjustment", 0), reason=reason,
        actor=actor, at=at,
    )  # fmt: skip


@transaction.atomic
def write_down_short_pick(
    *, reservation_id: int, quantity: int, effect_key: str, actor: Actor, at: datetime
) -> None:
    """Units that were reserved but are not in their bin: give up the reservation and the units.

    Raises:
        ReservationSpent: the reservation does not hold that many units any more.
        EffectAlreadyBooked: this effect key has been used.
    """
    reservation = locks.lock_reservations([reservation_id])[0]
    level = locks.lock_stock_levels([reservation.stock_level_id])[0]
    release_reservations(
        spends=[Spend(reservation_id, quantity)], reason="short pick", actor=actor, at=at
    )
    _change(
        [(level.pk, -quantity, effect_key)],
        MovementKind.SHORT_PICK,
        reference=("reservation", reservation_id),
        reason="short pick",
        actor=actor,
        at=at,
    )
    outbox.append(
        StockWrittenDown(
            stock_level_id=level.pk,
            product_id=level.product_id,
            site_id=level.site_id,
            quantity=quantity,
            reason="short pick",
        ),
        actor=actor,
        at=at,
    )


def _book(
    items: Sequence[NewStock],
    kind: MovementKind,
    effect_key: str,
    *,
    reference: tuple[str, int],
    reason: str,
    actor: Actor,
    at: datetime,
) -> list[StockLevel]:
    merged = _merge(items)
    levels = _open_levels(merged)
    changes = [
        (levels[pair].pk, quantity, f"{kind.lower()}:{effect_key}:{levels[pair].pk}")
        for pair, quantity in merged.items()
    ]
    _change(changes, kind, reference=reference, reason=reason, actor=actor, at=at)
    by_id = {level.pk: level for level in levels.values()}
    facts = [_fact(by_id[pk], quantity, reason) for pk, quantity, _ in changes]
    outbox.append_all(facts, actor=actor, at=at)
    return list(StockLevel.objects.filter(pk__in=by_id).order_by("pk"))


def _merge(items: Sequence[NewStock]) -> dict[tuple[str, str], int]:
    merged: dict[tuple[str, str], int] = {}
    for item in items:
        pair = (item.sku, item.site_code)
        merged[pair] = merged.get(pair, 0) + item.quantity
    return {pair: quantity for pair, quantity in merged.items() if quantity}


def _open_levels(pairs: dict[tuple[str, str], int]) -> dict[tuple[str, str], StockLevel]:
    """The levels of (SKU, site code) pairs, created where missing, locked in id order."""
    products = {p.sku: p.pk for p in Product.objects.filter(sku__in={sku for sku, _ in pairs})}
    sites = {s.code: s.pk for s in Site.objects.filter(code__in={code for _, code in pairs})}
    unknown = [
        FieldError(f"/items/{i}/sku", "unknown_sku", f"There is no product {sku}.")
        for i, (sku, _) in enumerate(pairs)
        if sku not in products
    ]
    if unknown:
        raise UnknownProduct(errors=unknown)
    if missing := {code for _, code in pairs} - sites.keys():
        raise UnknownSite(f"There is no site {', '.join(sorted(missing))}.")
    StockLevel.objects.bulk_create(
        [StockLevel(product_id=products[sku], site_id=sites[code]) for sku, code in pairs],
        ignore_conflicts=True,
    )
    rows = StockLevel.objects.filter(
        product_id__in=products.values(), site_id__in=sites.values()
    ).values_list("pk", "product_id", "site_id")
    wanted = {(products[sku], sites[code]): (sku, code) for sku, code in pairs}
    pks = {pk: wanted[(p, s)] for pk, p, s in rows if (p, s) in wanted}
    return {pks[level.pk]: level for level in locks.lock_stock_levels(list(pks))}


def _change(
    changes: Sequence[tuple[int, int, str]],
    kind: MovementKind,
    *,
    reference: tuple[str, int],
    reason: str,
    actor: Actor,
    at: datetime,
) -> None:
    try:
        with transaction.atomic():
            changed = locks.change_on_hand(
                changes, kind=kind, reference=reference, reason=reason, actor=actor, at=at
            )
    except IntegrityError as exc:
        if "effect_key" in str(exc):
            raise EffectAlreadyBooked from exc
        raise
    if missing := [pk for pk, _, _ in changes if pk not in changed]:
        names = StockLevel.objects.filter(pk__in=missing).values_list("product__sku", "site__code")
        listed = ", ".join(f"{sku} at {site}" for sku, site in names)
        raise InsufficientStock(f"Not enough free units of {listed}.")


def _fact(level: StockLevel, quantity: int, reason: str) -> Event:
    if quantity > 0:
        return StockIncreased(
            stock_level_id=level.pk,
            product_id=level.product_id,
            site_id=level.site_id,
            quantity=quantity,
        )
    return StockWrittenDown(
        stock_level_id=level.pk,
        product_id=level.product_id,
        site_id=level.site_id,
        quantity=-quantity,
        reason=reason,
    )
