"""Three invented carriers with tariffs in GBP: demo data, and the price list of the simulator."""

from datetime import date, time
from decimal import Decimal

from carriers.values.master_data import CardSpec, CarrierSpec, ServiceSpec
from carriers.values.rating import AreaRow, Break

VALID_FROM = date(2010, 1, 1)  # early enough to price historical orders
CURRENCY = "GBP"
ADAPTER = "simulated"

HOME, FAR, NEAR_EU, MID_EU, OUTER_EU, WORLD = "A", "B", "EU1", "EU2", "EU3", "W"

# Postcode areas of Northern Ireland, the Highlands and the islands.
FAR_AREAS = ("BT", "GY", "HS", "IM", "IV", "JE", "KW", "ZE")
HUBS = ("GB", "IE", "FR", "NL", "DE")  # countries from which parcels are sent
COUNTRIES = {
    NEAR_EU: ("IE", "FR", "BE", "NL", "LU", "DE"),
    MID_EU: ("AT", "DK", "ES", "IT", "PT", "CH", "SE", "NO", "FI", "PL", "CZ"),
    OUTER_EU: ("GR", "CY", "MT", "HR", "HU", "RO", "BG", "SK", "SI", "EE", "LV", "LT", "IS"),
}
CITY_AREAS = ("E", "EC", "N", "NW", "SE", "SW", "W", "WC")  # inner London

Prices = dict[str, tuple[tuple[int, str, str], ...]]  # zone -> (up to g, price, per further kg)


def _zones_from(origin: str) -> dict[str, str]:
    abroad = {country: zone for zone, many in COUNTRIES.items() for country in many}
    return {"GB": NEAR_EU, **abroad, origin: HOME, "": WORLD}


def _zone_rows(prices: Prices) -> tuple[AreaRow[str], ...]:
    """From every hub country: its own land, the far corners of GB, Europe, the world."""
    rows = []
    for origin in HUBS:
        rows += [AreaRow(c, "", zone, origin) for c, zone in _zones_from(origin).items()]
        far = FAR if origin == "GB" else NEAR_EU
        rows += [AreaRow("GB", prefix, far, origin) for prefix in FAR_AREAS]
    return tuple(row for row in rows if row.value in prices)


def _card(prices: Prices, *, minimum: str, fuel: str, divisor: int) -> CardSpec:
    return CardSpec(
        valid_from=VALID_FROM,
        currency=CURRENCY,
        zones=_zone_rows(prices),
        breaks=tuple(
            (zone, tuple(Break(g, Decimal(price), Decimal(per_kg)) for g, price, per_kg in steps))
            for zone, steps in prices.items()
        ),
        dim_divisor=divisor,
        minimum=Decimal(minimum),
        fuel_percent=Decimal(fuel),
    )


def _transit(prices: Prices, days: dict[str, int]) -> tuple[AreaRow[int], ...]:
    return tuple(
        AreaRow(row.country, row.postal_prefix, days[row.value], row.origin_country)
        for row in _zone_rows(prices)
    )


def _steps(*prices: str, per_kg: str, last_g: int = 30_000) -> tuple[tuple[int, str, str], ...]:
    """Prices up to 1, 2, 5 and 10 kg, then the last one plus so much per begun kilogram."""
    fixed = zip((1000, 2000, 5000, 10_000), prices, strict=True)
    return (*((grams, price, "0") for grams, price in fixed), (last_g, prices[-1], per_kg))


_ECONOMY: Prices = {
    HOME: _steps("2.35", "2.79", "3.85", "5.20", per_kg="0.34"),
    FAR: _steps("4.20", "4.95", "6.80", "9.10", per_kg="0.62"),
    NEAR_EU: _steps("6.10", "7.25", "10.40", "15.80", per_kg="1.05"),
    MID_EU: _steps("7.60", "9.10", "13.20", "20.40", per_kg="1.45"),
    OUTER_EU: _steps("9.90", "12.20", "18.90", "30.50", per_kg="2.40"),
    WORLD: _steps("14.50", "19.80", "36.00", "62.00", per_kg="5.60"),
}
_STANDARD: Prices = {
    HOME: _steps("2.95", "3.40", "4.45", "5.95", per_kg="0.36"),
    FAR: _steps("5.10", "5.85", "7.70", "10.40", per_kg="0.70"),
    NEAR_EU: _steps("7.35", "8.70", "12.10", "18.20", per_kg="1.20"),
    MID_EU: _steps("9.20", "10.95", "15.60", "23.90", per_kg="1.65"),
    OUTER_EU: _steps("12.40", "15.10", "22.80", "36.20", per_kg="2.85"),
    WORLD: _steps("18.90", "25.60", "45.50", "78.00", per_kg="6.90"),
}
_EXPRESS: Prices = {
    HOME: _steps("5.25", "5.80", "7.30", "9.60", per_kg="0.48"),
    FAR: _steps("9.40", "10.60", "13.90", "18.70", per_kg="1.10"),
    NEAR_EU: _steps("15.80", "18.40", "25.90", "37.60", per_kg="2.40"),
    MID_EU: _steps("19.60", "23.30", "32.80", "48.90", per_kg="3.20"),
    OUTER_EU: _steps("25.40", "30.20", "43.70", "66.50", per_kg="4.60"),
    WORLD: _steps("34.00", "44.50", "76.00", "128.00", per_kg="9.80"),
}
_PARCELWAY_48: Prices = {
    HOME: _steps("2.75", "3.25", "4.60", "6.40", per_kg="0.41"),
    FAR: _steps("4.85", "5.70", "8.05", "11.20", per_kg="0.76"),
    NEAR_EU: _steps("7.05", "8.55", "12.60", "19.40", per_kg="1.30"),
    MID_EU: _steps("9.45", "11.20", "15.20", "22.70", per_kg="1.55"),
}
_PARCELWAY_24: Prices = {
    HOME: _steps("4.60", "5.35", "7.45", "10.30", per_kg="0.55"),
    FAR: _steps("8.90", "10.20", "14.40", "19.60", per_kg="1.20"),
    NEAR_EU: _steps("17.20", "19.60", "26.80", "38.90", per_kg="2.55"),
}
_CITY: Prices = {"C": _steps("6.90", "7.40", "8.90", "11.50", per_kg="0", last_g=15_000)}

NORTHBIRD = CarrierSpec(
    code="northbird",
    name="Northbird",
    adapter=ADAPTER,
    services=(
        ServiceSpec(
            code="economy",
            name="Economy",
            tier="economy",
            card=_card(_ECONOMY, minimum="2.35", fuel="6.5", divisor=5000),
            transit=_transit(
                _ECONOMY, {HOME: 3, FAR: 5, NEAR_EU: 5, MID_EU: 7, OUTER_EU: 9, WORLD: 14}
            ),
            max_weight_g=30_000,
            max_length_mm=1200,
            max_length_plus_girth_mm=3000,
            cutoff=time(17),
        ),
        ServiceSpec(
            code="standard",
            name="Standard",
            tier="standard",
            card=_card(_STANDARD, minimum="2.95", fuel="6.5", divisor=5000),
            transit=_transit(
                _STANDARD, {HOME: 2, FAR: 3, NEAR_EU: 4, MID_EU: 5, OUTER_EU: 6, WORLD: 9}
            ),
            max_weight_g=30_000,
            max_length_mm=1500,
            max_length_plus_girth_mm=3000,
            cutoff=time(18),
        ),
        ServiceSpec(
            code="express",
            name="Express",
            tier="express",
            card=_card(_EXPRESS, minimum="5.25", fuel="8", divisor=5000),
            transit=_transit(
                _EXPRESS, {HOME: 1, FAR: 2, NEAR_EU: 2, MID_EU: 3, OUTER_EU: 4, WORLD: 5}
            ),
            max_weight_g=30_000,
            max_length_mm=1200,
            max_length_plus_girth_mm=3000,
            cutoff=time(18),
        ),
    ),
)

PARCELWAY = CarrierSpec(
    code="parcelway",
    name="Parcelway",
    adapter=ADAPTER,
    calls_per_second=Decimal(8),
    services=(
        ServiceSpec(
            code="pw48",
            name="Parcelway 48",
            tier="standard",
            card=_card(_PARCELWAY_48, minimum="2.75", fuel="7.2", divisor=6000),
            transit=_transit(_PARCELWAY_48, {HOME: 2, FAR: 4, NEAR_EU: 4, MID_EU: 6}),
            max_weight_g=30_000,
            max_length_mm=1400,
            cutoff=time(17, 30),
        ),
        ServiceSpec(
            code="pw24",
            name="Parcelway 24",
            tier="express",
            card=_card(_PARCELWAY_24, minimum="4.60", fuel="7.2", divisor=6000),
            transit=_transit(_PARCELWAY_24, {HOME: 1, FAR: 2, NEAR_EU: 2}),
            max_weight_g=25_000,
            max_length_mm=1400,
            cutoff=time(17, 30),
        ),
    ),
)

VELO = CarrierSpec(
    code="velo",
    name="Velo Couriers",
    adapter=ADAPTER,
    calls_per_second=Decimal(5),
    burst=10,
    services=(
        ServiceSpec(
            code="sameday",
            name="Same Day",
            tier="same_day",
            card=CardSpec(
                valid_from=VALID_FROM,
                currency=CURRENCY,
                zones=tuple(AreaRow("GB", area, "C", "GB") for area in CITY_AREAS),
                breaks=(("C", tuple(Break(g, Decimal(price)) for g, price, _ in _CITY["C"])),),
                minimum=Decimal("6.90"),
            ),
            transit=tuple(AreaRow("GB", area, 0, "GB") for area in CITY_AREAS),
            max_weight_g=15_000,
            max_length_mm=800,
            cutoff=time(13),
        ),
    ),
)

CARRIERS = (NORTHBIRD, PARCELWAY, VELO)
