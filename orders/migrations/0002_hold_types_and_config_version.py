from django.db import migrations

from oms.core import sql

HOLD_TYPES = [
    ("DUPLICATE", "Duplicate suspected", ["CONFIRM", "RELEASE"]),
    ("ADDRESS", "Address needs a correction", ["CONFIRM", "RELEASE"]),
    ("AMOUNT", "Amount over the limit", ["CONFIRM", "RELEASE"]),
    ("UNPAID", "Payment is missing", ["RELEASE"]),
    ("MANUAL", "Held by a person", ["CONFIRM", "RELEASE", "SHIP"]),
]


def add_hold_types(apps, schema_editor):
    hold_type = apps.get_model("orders", "HoldType")
    for code, name, blocks in HOLD_TYPES:
        hold_type.objects.get_or_create(code=code, defaults={"name": name, "blocks": blocks})


def remove_hold_types(apps, schema_editor):
    codes = [code for code, _, _ in HOLD_TYPES]
    apps.get_model("orders", "HoldType").objects.filter(code__in=codes).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0001_initial"),
        ("core", "0002_append_only_and_config_version"),
    ]

    operations = [
        migrations.RunPython(add_hold_types, remove_hold_types),
        migrations.RunSQL(
            *sql.config_changed("orders_channel", "orders_channel_sites", "orders_holdtype")
        ),
    ]
