"""Everything that can happen to carriers, labels and tracking."""

from carriers.actions.demo import put_demo_carriers
from carriers.actions.master_data import put_account, put_carrier, put_rate_card

__all__ = ["put_account", "put_carrier", "put_demo_carriers", "put_rate_card"]
