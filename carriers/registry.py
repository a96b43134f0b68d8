"""Which adapter speaks for an account. Adding a carrier's API means adding its folder."""

import pkgutil
from importlib import import_module

from carriers import adapters
from carriers.adapters.base import CarrierAdapter
from carriers.errors import UnknownCarrier
from carriers.values import AccountInfo
from oms.core import http

__all__ = ["CarrierAdapter", "list_adapters", "open_account"]


def list_adapters() -> list[str]:
    return sorted(found.name for found in pkgutil.iter_modules(adapters.__path__) if found.ispkg)


def open_account(account: AccountInfo, client: http.HttpClient | None = None) -> CarrierAdapter:
    """The account's adapter.

    Raises:
        UnknownCarrier: there is no such adapter.
    """
    if account.adapter not in list_adapters():
        raise UnknownCarrier(f"There is no adapter called {account.adapter}.")
    module = import_module(f"carriers.adapters.{account.adapter}.adapter")
    adapter: CarrierAdapter = module.Adapter(account, client or http.get_client())
    return adapter
