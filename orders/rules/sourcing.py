"""Which sites ship an order.

A single site that has everything wins, at the least shipping cost. Otherwise the smallest set of sites
that covers everything, at the least shipping cost plus a penalty for each further parcel. Otherwise
the set that covers most units; the rest is backordered. Equal costs go to the lower site priority,
then to the site code. The search is exact over the `sites_considered` nearest sites and sets of at
most `max_sites`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations

from orders.values import (
    Assignment,
    Lane,
    SourcingCandidate,
    SourcingLine,
    SourcingPlan,
    SourcingPolicy,
    SourcingSite,
)

KEPT_CANDIDATES = 12


def choose_sites(
    lines: Sequence[SourcingLine], sites: Sequence[SourcingSite], policy: SourcingPolicy
) -> SourcingPlan:
    """Assign every unit to a site or to the backorder."""
    refused, able = _screen(lines, sites)
    able = sorted(able, key=lambda site: _preference(site, lines))[: policy.sites_considered]
    wanted = sum(line.quantity for line in lines)
    tried: list[_Option] = []
    for size in range(1, _largest_set(able, policy) + 1):
        options = [_option(group, lines, policy) for group in combinations(able, size)]
        tried += options
        if any(option.covered == wanted for option in options):
            break
    tried.sort(key=_Option.rank)
    return _plan(lines, wanted, tried, refused)


def shipping_cost(lane: Lane, weight_g: int) -> Decimal:
    """Cost of this weight on the lane: full parcels of the heaviest step, and one with the rest."""
    heaviest_g, heaviest_cost = lane.steps[-1]
    full, rest_g = divmod(weight_g, heaviest_g) if weight_g > heaviest_g else (0, weight_g)
    if full and not rest_g:
        return full * heaviest_cost
    rest = next(cost for up_to_g, cost in lane.steps if rest_g <= up_to_g)
    return full * heaviest_cost + rest


@dataclass(frozen=True)
class _Option:
    sites: tuple[SourcingSite, ...]
    assignments: tuple[Assignment, ...]
    covered: int
    shipping: Decimal
    penalty: Decimal

    @property
    def total(self) -> Decimal:
        return self.shipping + self.penalty

    def rank(self) -> tuple[int, int, Decimal, tuple[tuple[int, str], ...]]:
        tie = tuple((site.priority, site.code) for site in self.sites)
        return (-self.covered, len(self.sites), self.total, tie)


def _screen(
    lines: Sequence[SourcingLine], sites: Sequence[SourcingSite]
) -> tuple[list[SourcingCandidate], list[SourcingSite]]:
    refused, able = [], []
    for site in sites:
        reason = _refusal(site, lines)
        if reason:
            refused.append(_refused(site, reason))
        else:
            able.append(site)
    return refused, able


def _refusal(site: SourcingSite, lines: Sequence[SourcingLine]) -> str:
    if site.refused:
        return site.refused
    if site.lane is None:
        return "no service from here to the destination"
    if not any(site.available.get(line.product_id, 0) > 0 for line in lines):
        return "no free stock of any line"
    return ""


def _refused(site: SourcingSite, reason: str) -> SourcingCandidate:
    return SourcingCandidate(
        sites=(site.code,),
        covered=0,
        shipping_cost=None,
        split_penalty=Decimal(0),
        total_cost=None,
        rejected=reason,
    )


def _preference(site: SourcingSite, lines: Sequence[SourcingLine]) -> tuple[Decimal, int, str]:
    weight_g = sum(line.quantity * line.weight_g for line in lines)
    return (shipping_cost(_lane(site), weight_g), site.priority, site.code)


def _lane(site: SourcingSite) -> Lane:
    assert site.lane is not None
    return site.lane


def _largest_set(able: Sequence[SourcingSite], policy: SourcingPolicy) -> int:
    return min(len(able), policy.max_sites if policy.allow_split else 1)


def _option(
    group: tuple[SourcingSite, ...], lines: Sequence[SourcingLine], policy: SourcingPolicy
) -> _Option:
    assignments = tuple(_assign(group, lines))
    weights = {line.line: line.weight_g for line in lines}
    used = tuple(s for s in group if any(a.site_id == s.site_id for a in assignments))
    shipping = Decimal(0)
    for site in used:
        parcel_g = sum(a.quantity * weights[a.line] for a in assignments if a.site_id == site.site_id)
        shipping += shipping_cost(_lane(site), parcel_g)
    return _Option(
        sites=used,
        assignments=assignments,
        covered=sum(assignment.quantity for assignment in assignments),
        shipping=shipping,
        penalty=policy.split_penalty * max(len(used) - 1, 0),
    )


def _assign(
    group: Sequence[SourcingSite], lines: Sequence[SourcingLine]
) -> Iterator[Assignment]:
    """Each line whole from the first site that has it, in pieces only when none has it whole."""
    left = {(site.site_id, product): n for site in group for product, n in site.available.items()}
    for line in lines:
        whole = [s for s in group if left.get((s.site_id, line.product_id), 0) >= line.quantity]
        open_quantity = line.quantity
        for site in whole[:1] or group:
            take = min(open_quantity, left.get((site.site_id, line.product_id), 0))
            if take > 0:
                left[(site.site_id, line.product_id)] -= take
                open_quantity -= take
                yield Assignment(line.line, site.site_id, take)


def _plan(
    lines: Sequence[SourcingLine],
    wanted: int,
    tried: Sequence[_Option],
    refused: Sequence[SourcingCandidate],
) -> SourcingPlan:
    best = tried[0] if tried and tried[0].covered else None
    assignments = best.assignments if best else ()
    assigned: dict[int, int] = {}
    for assignment in assignments:
        assigned[assignment.line] = assigned.get(assignment.line, 0) + assignment.quantity
    backordered = {
        line.line: line.quantity - assigned.get(line.line, 0)
        for line in lines
        if line.quantity > assigned.get(line.line, 0)
    }
    described = [_describe(option, best, wanted) for option in tried[:KEPT_CANDIDATES]]
    return SourcingPlan(
        assignments=assignments,
        backordered=backordered,
        candidates=(*described, *refused),
        summary=_summary(best, wanted),
    )


def _describe(option: _Option, best: _Option | None, wanted: int) -> SourcingCandidate:
    candidate = SourcingCandidate(
        sites=tuple(site.code for site in option.sites),
        covered=option.covered,
        shipping_cost=option.shipping,
        split_penalty=option.penalty,
        total_cost=option.total,
    )
    return candidate if option is best else replace(candidate, rejected=_loss(option, best, wanted))


def _loss(option: _Option, best: _Option | None, wanted: int) -> str:
    if best is None:
        return "no free stock"
    if option.covered < best.covered:
        return f"covers {option.covered} of {wanted} units"
    if len(option.sites) > len(best.sites):
        return f"{len(option.sites)} parcels instead of {len(best.sites)}"
    if option.total > best.total:
        return f"costs {option.total - best.total} more"
    return "same cost, lower preference"


def _summary(best: _Option | None, wanted: int) -> str:
    if best is None:
        return f"No site has free stock: all {wanted} units are backordered."
    names = " + ".join(site.code for site in best.sites)
    missing = wanted - best.covered
    rest = f", {missing} of {wanted} units are backordered" if missing else ""
    parcels = "one parcel" if len(best.sites) == 1 else f"{len(best.sites)} parcels"
    return f"From {names} in {parcels} for {best.total}{rest}."
