"""One folder per carrier API; each has an `adapter.py` with an `Adapter` class."""
