from django.db import migrations

from oms.core import sql


class Migration(migrations.Migration):
    dependencies = [
        ("carriers", "0001_initial"),
        ("core", "0002_append_only_and_config_version"),
    ]

    operations = [
        migrations.RunSQL(*sql.append_only("carriers_trackingevent")),
        migrations.RunSQL(*sql.append_only("carriers_ratequote")),
        migrations.RunSQL(
            *sql.config_changed(
                "carriers_carrier",
                "carriers_carrieraccount",
                "carriers_servicelevel",
                "carriers_transittime",
                "carriers_ratecard",
                "carriers_ratezone",
                "carriers_ratebreak",
            )
        ),
    ]
