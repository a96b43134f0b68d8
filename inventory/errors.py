"""Why a request about stock is refused."""

from oms.core.errors import Conflict, Invalid, NotFound


class UnknownProduct(Invalid):
    code, title = "unknown_sku", "There is no product with this SKU"


class UnknownSite(NotFound):
    code, title = "unknown_site", "There is no site with this code"


class InsufficientStock(Conflict):
    code, title = "insufficient_stock", "There is not enough free stock"


class ReservationSpent(Conflict):
    code, title = "reservation_spent", "The reservation does not hold this quantity any more"


class EffectAlreadyBooked(Conflict):
    code, title = "effect_already_booked", "This stock movement has been booked before"
