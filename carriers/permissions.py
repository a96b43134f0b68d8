"""Permission codenames of carriers, labels and tracking."""

VIEW_CARRIERS = "carriers.view_carriers"
EDIT_CARRIERS = "carriers.edit_carriers"
SHOP_RATES = "carriers.shop_rates"
BUY_LABEL = "carriers.buy_label"
VOID_LABEL = "carriers.void_label"
CLOSE_MANIFEST = "carriers.close_manifest"
VIEW_TRACKING = "carriers.view_tracking"
