"""What the simulated carrier's event codes mean to us."""

from carriers.states import TrackingReason, TrackingStatus

S, R = TrackingStatus, TrackingReason

MEANING: dict[str, tuple[str, str]] = {
    "AR": (S.PENDING, R.NONE),  # announced
    "PU": (S.PICKED_UP, R.NONE),
    "HB": (S.IN_TRANSIT, R.NONE),  # scanned at a hub
    "DP": (S.IN_TRANSIT, R.NONE),  # departed
    "CI": (S.ON_HOLD, R.CUSTOMS_HELD),
    "CP": (S.ON_HOLD, R.CUSTOMS_PAPERS_MISSING),
    "CO": (S.IN_TRANSIT, R.NONE),  # released by customs
    "DL": (S.DELAYED, R.CARRIER_DELAY),
    "WX": (S.DELAYED, R.WEATHER),
    "MS": (S.DELAYED, R.CARRIER_MISSORTED),
    "OD": (S.OUT_FOR_DELIVERY, R.NONE),
    "NA": (S.DELIVERY_FAILED, R.CONSIGNEE_ABSENT),
    "BA": (S.DELIVERY_FAILED, R.ADDRESS_INCORRECT),
    "RF": (S.DELIVERY_FAILED, R.CONSIGNEE_REFUSED),
    "SH": (S.READY_FOR_PICKUP, R.NONE),
    "DM": (S.ON_HOLD, R.CARRIER_DAMAGED),
    "LO": (S.ON_HOLD, R.CARRIER_LOST),
    "OK": (S.DELIVERED, R.NONE),
    "RB": (S.RETURNING, R.OTHER),
    "RS": (S.RETURNED, R.OTHER),
    "XX": (S.CANCELLED, R.SHIPPER_CANCELLED),
}


def meaning(code: str) -> tuple[str, str]:
    """Status and reason of a code; UNKNOWN for one that we have never seen."""
    return MEANING.get(code, (S.UNKNOWN, R.NONE))
