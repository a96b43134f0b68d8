"""Why a request about carriers is refused, and how a carrier's own trouble is told apart."""

from typing import Any

from oms.core.errors import Conflict, DomainError, Invalid, NotFound


class UnknownCarrier(NotFound):
    code, title = "unknown_carrier", "There is no carrier with this code"


class UnknownService(Invalid):
    code, title = "unknown_service", "There is no such service of this carrier"


class NoCarrierAccount(Conflict):
    code, title = "no_carrier_account", "There is no active account with this carrier"


class NoServiceFits(Conflict):
    code, title = "no_service_fits", "No carrier service can take these parcels"


class InvalidTariff(Invalid):
    code, title = "invalid_tariff", "The tariff cannot be used as it is"


class RateCardInUse(Conflict):
    code, title = "rate_card_in_use", "Prices were quoted from this rate card, so it cannot change"


class UnknownLabel(NotFound):
    code, title = "unknown_label", "There is no such label"


class LabelExists(Conflict):
    code, title = "label_exists", "There already is a label for this reference"


class LabelBusy(Conflict):
    code, title = "label_busy", "Somebody else is buying or voiding this label right now"


class LabelNotReady(Conflict):
    code, title = "label_not_ready", "The label has not been bought yet"


class UnknownManifest(NotFound):
    code, title = "unknown_manifest", "There is no such manifest"


class ManifestExists(Conflict):
    code, title = "manifest_exists", "There already is another manifest with this reference"


class LabelsNotManifestable(Conflict):
    code, title = "labels_not_manifestable", "Some labels cannot go on this manifest"


class CarrierError(DomainError):
    """Something between us and a carrier."""

    code, status, title = "carrier_error", 502, "The carrier could not be used"


class CarrierUnavailable(CarrierError):
    """The request had no effect; the same request may be made later."""

    code, status, title = "carrier_unavailable", 503, "The carrier cannot be reached right now"
    retry_after_s: float

    def __init__(self, detail: str = "", *, retry_after_s: float = 0, **context: Any) -> None:
        super().__init__(detail, **context)
        self.retry_after_s = retry_after_s


class RateLimited(CarrierUnavailable):
    code, title = "carrier_rate_limited", "The carrier asks us to slow down"


class CarrierRejected(CarrierError):
    """The carrier understood and said no; repeating is pointless."""

    code, status, title = "carrier_rejected", 422, "The carrier refused the request"

    def __init__(self, detail: str = "", *, carrier_code: str = "", **context: Any) -> None:
        super().__init__(detail, carrier_code=carrier_code, **context)
        self.carrier_code = carrier_code


class CarrierGarbage(CarrierError):
    code, title = "carrier_garbage", "The carrier's answer could not be understood"


class OutcomeUnknown(CarrierError):
    """The carrier may have acted; ask it before trying again."""

    code, status, title = "carrier_outcome_unknown", 504, "The carrier's answer was lost"
