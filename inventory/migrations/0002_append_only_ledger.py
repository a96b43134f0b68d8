from django.db import migrations

from oms.core import sql


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0001_initial"),
        ("core", "0002_append_only_and_config_version"),
    ]

    operations = [
        migrations.RunSQL(*sql.append_only("inventory_stockmovement")),
        migrations.RunSQL(
            *sql.config_changed("inventory_site", "inventory_sitehours", "inventory_siteclosure")
        ),
    ]
