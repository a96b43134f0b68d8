from django.db import migrations

from oms.core import sql

EVENT_FACTS = (
    "aggregate_type",
    "aggregate_id",
    "seq",
    "type",
    "payload",
    "channel_id",
    "actor_kind",
    "actor_id",
    "request_id",
    "at",
)


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]

    operations = [
        migrations.RunSQL(sql.APPEND_ONLY_FUNCTION, sql.DROP_APPEND_ONLY_FUNCTION),
        migrations.RunSQL(*sql.append_only("core_event", *EVENT_FACTS)),
        migrations.RunSQL(*sql.append_only("core_decision")),
        migrations.RunSQL(sql.CONFIG_VERSION_FUNCTION, sql.DROP_CONFIG_VERSION_FUNCTION),
    ]
