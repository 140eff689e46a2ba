from django.db import migrations

from schools.guards import frozen_when


def freeze_what_was_sent(apps, editor):
    texts = apps.get_model("messaging", "NoticeText").objects
    texts.filter(notice__status__in=["PUBLISHING", "PUBLISHED", "CANCELLED"]).update(is_frozen=True)


class Migration(migrations.Migration):
    dependencies = [("messaging", "0005_composing")]

    operations = [
        migrations.RunPython(freeze_what_was_sent, migrations.RunPython.noop),
        frozen_when("messaging_noticetext", "is_frozen"),
    ]
