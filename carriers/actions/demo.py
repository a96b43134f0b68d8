"""The three invented carriers, reached at the simulator."""

from django.db import transaction

from carriers.actions.master_data import put_account, put_carrier
from carriers.models import Carrier
from carriers.values.demo import CARRIERS

SIMULATOR_TOKEN = "simulated"  # noqa: S105 - the simulator's login is no secret


@transaction.atomic
def put_demo_carriers(*, simulator_url: str, clock_speed: int = 1) -> list[Carrier]:
    """Create or update Northbird, Parcelway and Velo with their tariffs and accounts.

    `clock_speed` must be the simulator's `--speed`, so that parcels are polled often enough.
    """
    carriers = []
    for spec in CARRIERS:
        carriers.append(put_carrier(spec=spec, clock_speed=clock_speed))
        put_account(
            carrier_code=spec.code,
            name="Demo",
            endpoint_url=f"{simulator_url.rstrip('/')}/{spec.code}",
            credentials={"token": SIMULATOR_TOKEN},
        )
    return carriers
