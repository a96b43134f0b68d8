"""Which sites ship an order."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from orders.rules.sourcing import choose_sites, shipping_cost
from orders.values import Lane, SourcingLine, SourcingPolicy, SourcingSite

CHEAP = Lane("standard", 2, ((1000, Decimal(3)), (30_000, Decimal(6))))
DEAR = Lane("standard", 2, ((1000, Decimal(5)), (30_000, Decimal(9))))


def site(site_id: int, lane: Lane | None = CHEAP, priority: int = 100, **stock: int) -> SourcingSite:
    available = {int(key[1:]): units for key, units in stock.items()}
    return SourcingSite(site_id, f"S{site_id}", priority, lane, available)


def line(number: int, quantity: int, product: int | None = None, weight_g: int = 100) -> SourcingLine:
    return SourcingLine(number, product or number, quantity, weight_g)


def choice(lines, sites, **policy):
    return choose_sites(lines, sites, SourcingPolicy(**policy))


def test_one_site_with_everything_beats_two_cheaper_halves():
    plan = choice([line(1, 1), line(2, 1)], [site(1, DEAR, p1=1, p2=1), site(2, p1=1), site(3, p2=1)])
    assert {a.site_id for a in plan.assignments} == {1}


def test_the_cheapest_of_the_sites_that_have_everything_wins():
    plan = choice([line(1, 1)], [site(1, DEAR, p1=5), site(2, CHEAP, p1=5)])
    assert [a.site_id for a in plan.assignments] == [2]
    loser = next(c for c in plan.candidates if c.sites == ("S1",))
    assert loser.rejected == "costs 2 more"


def test_equal_costs_go_to_the_lower_priority_then_to_the_code():
    assert choice([line(1, 1)], [site(1, p1=5), site(2, priority=1, p1=5)]).assignments[0].site_id == 2
    assert choice([line(1, 1)], [site(2, p1=5), site(1, p1=5)]).assignments[0].site_id == 1


def test_a_split_uses_as_few_sites_as_possible():
    sites = [site(1, p1=1), site(2, p2=1), site(3, p3=1), site(4, DEAR, p1=1, p2=1)]
    plan = choice([line(1, 1), line(2, 1), line(3, 1)], sites)
    assert {a.site_id for a in plan.assignments} == {3, 4}
    assert not plan.backordered


def test_the_split_penalty_is_part_of_the_cost():
    sites = [site(1, p1=1), site(2, p2=1)]
    plan = choice([line(1, 1), line(2, 1)], sites, split_penalty=Decimal("2.50"))
    assert plan.candidates[0].split_penalty == Decimal("2.50")
    assert plan.candidates[0].total_cost == Decimal("8.50")


def test_without_splits_the_rest_is_backordered():
    plan = choice([line(1, 2), line(2, 1)], [site(1, p1=2), site(2, p2=1)], allow_split=False)
    assert plan.backordered == {2: 1}


def test_a_line_comes_whole_from_one_site_when_it_can():
    plan = choice([line(1, 4), line(2, 1)], [site(1, p1=3, p2=1), site(2, DEAR, p1=4)])
    assert {(a.line, a.site_id, a.quantity) for a in plan.assignments} == {(1, 2, 4), (2, 1, 1)}


def test_two_lines_of_one_product_share_its_units():
    plan = choice([line(1, 2, product=7), line(2, 2, product=7)], [site(1, p7=3)])
    assert sum(a.quantity for a in plan.assignments) == 3
    assert sum(plan.backordered.values()) == 1


def test_sites_that_cannot_are_named_with_the_constraint():
    closed = SourcingSite(3, "S3", 1, CHEAP, {1: 9}, refused="does not serve web")
    plan = choice([line(1, 1)], [site(1, None, p1=9), site(2), closed])
    reasons = {c.sites[0]: c.rejected for c in plan.candidates}
    assert reasons == {
        "S1": "no service from here to the destination",
        "S2": "no free stock of any line",
        "S3": "does not serve web",
    }
    assert plan.backordered == {1: 1}
    assert plan.summary == "No site has free stock: all 1 units are backordered."


def test_what_is_too_heavy_for_one_parcel_pays_several():
    assert shipping_cost(CHEAP, 1000) == 3
    assert shipping_cost(CHEAP, 1001) == 6
    assert shipping_cost(CHEAP, 60_000) == 12
    assert shipping_cost(CHEAP, 60_500) == 15


stock = st.dictionaries(st.integers(1, 4), st.integers(0, 6), max_size=4)
worlds = st.lists(st.tuples(stock, st.sampled_from([CHEAP, DEAR, None])), max_size=4)
wanted = st.lists(st.tuples(st.integers(1, 4), st.integers(1, 5)), min_size=1, max_size=4)


@given(worlds, wanted)
def test_every_unit_is_assigned_once_or_backordered_and_no_stock_is_overdrawn(world, want):
    sites = [SourcingSite(n, f"S{n}", n, lane, s) for n, (s, lane) in enumerate(world, 1)]
    lines = [SourcingLine(n, product, units, 100) for n, (product, units) in enumerate(want, 1)]
    plan = choice(lines, sites)
    for entry in lines:
        assigned = sum(a.quantity for a in plan.assignments if a.line == entry.line)
        assert assigned + plan.backordered.get(entry.line, 0) == entry.quantity
    products = {entry.line: entry.product_id for entry in lines}
    for entry in sites:
        for product, units in entry.available.items():
            taken = [
                a.quantity
                for a in plan.assignments
                if a.site_id == entry.site_id and products[a.line] == product
            ]
            assert sum(taken) <= units
            assert entry.lane is not None or not taken


@given(worlds, wanted)
def test_the_order_of_the_sites_does_not_matter(world, want):
    sites = [SourcingSite(n, f"S{n}", n, lane, s) for n, (s, lane) in enumerate(world, 1)]
    lines = [SourcingLine(n, product, units, 100) for n, (product, units) in enumerate(want, 1)]
    assert choice(lines, sites) .assignments == choice(lines, sites[::-1]).assignments
