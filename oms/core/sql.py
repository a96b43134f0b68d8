"""SQL that several migrations use: append-only tables."""

APPEND_ONLY_FUNCTION = """
CREATE OR REPLACE FUNCTION core_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""
DROP_APPEND_ONLY_FUNCTION = "DROP FUNCTION IF EXISTS core_append_only()"

CONFIG_VERSION_FUNCTION = """
CREATE SEQUENCE core_config_version_seq;
CREATE OR REPLACE FUNCTION core_config_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO core_config_version (id, version) VALUES (1, nextval('core_config_version_seq'))
    ON CONFLICT (id) DO UPDATE SET version = excluded.version;
    RETURN NULL;
END $$;
INSERT INTO core_config_version (id, version) VALUES (1, nextval('core_config_version_seq'))
"""
DROP_CONFIG_VERSION_FUNCTION = """
DROP FUNCTION IF EXISTS core_config_changed();
DROP SEQUENCE IF EXISTS core_config_version_seq;
DELETE FROM core_config_version
"""


def append_only(table: str, *columns: str) -> tuple[str, str]:
    """Forward and backward SQL that refuses DELETE, and UPDATE (of `columns` only, when given)."""
    of = f" OF {', '.join(columns)}" if columns else ""
    forward = (
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE{of} OR DELETE ON {table}"
        " FOR EACH ROW EXECUTE FUNCTION core_append_only()"
    )
    return forward, f"DROP TRIGGER IF EXISTS {table}_append_only ON {table}"


def config_changed(*tables: str) -> tuple[str, str]:
    """Forward and backward SQL that makes writes to `tables` change the configuration version."""
    forward = ";".join(
        f"CREATE TRIGGER {table}_config_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE"
        f" ON {table} FOR EACH STATEMENT EXECUTE FUNCTION core_config_changed()"
        for table in tables
    )
    backward = ";".join(f"DROP TRIGGER IF EXISTS {t}_config_changed ON {t}" for t in tables)
    return forward, backward
