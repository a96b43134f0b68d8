"""Permission codenames of stock and master data."""

VIEW_STOCK = "inventory.view_stock"
ADJUST_STOCK = "inventory.adjust_stock"
RECEIVE_STOCK = "inventory.receive_stock"
VIEW_PRODUCTS = "inventory.view_products"
EDIT_PRODUCTS = "inventory.edit_products"
EDIT_SITES = "inventory.edit_sites"
