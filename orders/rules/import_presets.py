"""Known files of past orders: what their columns are called and what their words mean."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

FIELDS = ("invoice", "sku", "name", "quantity", "placed_at", "price", "customer", "country")


@dataclass(frozen=True)
class Preset:
    """How to read one kind of file, as values.

    `columns` maps each of our fields to the header's names for it. A service is a code that is sold but
    never on a shelf.
    """

    code: str
    channel: str
    channel_name: str
    currency: str
    timezone: str
    columns: Mapping[str, tuple[str, ...]]
    encoding: str = "utf-8-sig"
    delimiter: str = ","
    time_formats: tuple[str, ...] = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M")
    countries: Mapping[str, str] = field(default_factory=dict)
    service_pattern: str = r"(?!)"
    cancelled_prefix: str = "C"

    def is_service(self, sku: str) -> bool:
        return re.fullmatch(self.service_pattern, sku, re.IGNORECASE) is not None


# As ISO 3166 writes them, but for three that it does not know: the Channel Islands stand under the larger
# island, EU is reserved for the Union, ZZ is the code for an unknown region.
ONLINE_RETAIL_COUNTRIES = {
    "Australia": "AU",
    "Austria": "AT",
    "Bahrain": "BH",
    "Belgium": "BE",
    "Bermuda": "BM",
    "Brazil": "BR",
    "Canada": "CA",
    "Channel Islands": "JE",
    "Cyprus": "CY",
    "Czech Republic": "CZ",
    "Denmark": "DK",
    "EIRE": "IE",
    "European Community": "EU",
    "Finland": "FI",
    "France": "FR",
    "Germany": "DE",
    "Greece": "GR",
    "Hong Kong": "HK",
    "Iceland": "IS",
    "Israel": "IL",
    "Italy": "IT",
    "Japan": "JP",
    "Korea": "KR",
    "Lebanon": "LB",
    "Lithuania": "LT",
    "Malta": "MT",
    "Netherlands": "NL",
    "Nigeria": "NG",
    "Norway": "NO",
    "Poland": "PL",
    "Portugal": "PT",
    "RSA": "ZA",
    "Saudi Arabia": "SA",
    "Singapore": "SG",
    "Spain": "ES",
    "Sweden": "SE",
    "Switzerland": "CH",
    "Thailand": "TH",
    "USA": "US",
    "United Arab Emirates": "AE",
    "United Kingdom": "GB",
    "Unspecified": "ZZ",
    "West Indies": "XW",
}

ONLINE_RETAIL = Preset(
    code="online-retail",
    channel="online-retail",
    channel_name="Online Retail 2009-2011",
    currency="GBP",
    timezone="Europe/London",
    columns={
        "invoice": ("InvoiceNo", "Invoice"),
        "sku": ("StockCode",),
        "name": ("Description",),
        "quantity": ("Quantity",),
        "placed_at": ("InvoiceDate",),
        "price": ("UnitPrice", "Price"),
        "customer": ("CustomerID", "Customer ID"),
        "country": ("Country",),
    },
    countries=ONLINE_RETAIL_COUNTRIES,
    service_pattern=r"POST|DOT|M|C2|D|S|B|BANK CHARGES|AMAZONFEE|CRUK|ADJUST2?|gift_\d+_\d+",
)

PRESETS = {preset.code: preset for preset in (ONLINE_RETAIL,)}
