"""Why a request about an order is refused."""

from oms.core.errors import Conflict, Invalid, NotFound


class UnknownOrder(NotFound):
    code, title = "unknown_order", "There is no such order"


class UnknownChannel(NotFound):
    code, title = "unknown_channel", "There is no such channel"


class ChannelNotChosen(Invalid):
    code, title = "channel_not_chosen", "Say which channel this is for: the caller has several"


class UnknownHoldType(Invalid):
    code, title = "unknown_hold_type", "There is no hold type with this code"


class OrderInvalid(Invalid):
    code, title = "order_invalid", "The order has values that cannot be accepted"


class ExternalRefTaken(Conflict):
    code, title = "external_ref_taken", "Another order of this channel has this reference"


class TotalMismatch(Conflict):
    code, title = "total_mismatch", "The expected total is not the order's total"


class OrderOnHold(Conflict):
    code, title = "order_on_hold", "An open hold blocks this step"


class NothingAllocated(Conflict):
    code, title = "nothing_allocated", "There is no reserved unit to hand over"


class OrderAwaitsStock(Conflict):
    code, title = "order_awaits_stock", "This channel's orders leave as a whole and stock is missing"


class OrderInWork(Conflict):
    code, title = "order_in_work", "A site is working on these units"


class OrderAlreadyShipped(Conflict):
    code, title = "order_already_shipped", "Units have left the site; use a return instead"


class LineQuantityExceeded(Conflict):
    code, title = "line_quantity_exceeded", "The line does not have that many units in this state"


class AlreadyHeld(Conflict):
    code, title = "already_held", "The order has this hold already"


class ImportFileUnreadable(Invalid):
    code, title = "import_file_unreadable", "The file cannot be read or written"


class ImportHeaderWrong(Invalid):
    code, title = "import_header_wrong", "The header of the file is not what the preset expects"


class ImportRunning(Conflict):
    code, title = "import_running", "Another process is importing this file"
