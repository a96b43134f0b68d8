"""Permission codenames of accounts."""

MANAGE_USERS = "accounts.manage_users"
MANAGE_KEYS = "accounts.manage_keys"
