"""The simulated carrier's API, version 1 (`manage.py carrier_simulator`)."""
