"""Taking over past orders from a file, as a job that goes on where it stopped."""

from orders.actions.importing.running import KIND, claim_import, run_import, start_import

__all__ = ["KIND", "claim_import", "run_import", "start_import"]
