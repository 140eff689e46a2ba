from django.db import migrations

from schools.guards import frozen_when, insert_only


class Migration(migrations.Migration):
    dependencies = [("messaging", "0001_core")]

    operations = [
        insert_only("messaging_deliveryevent", may_delete=True),
        insert_only("messaging_jobrun", deletable_after_days=400),
        insert_only("messaging_dailydeliveries", may_delete=True),
        frozen_when("messaging_noticetext", "is_frozen"),
        frozen_when("messaging_attachment", "is_frozen"),
        frozen_when("messaging_recording", "is_frozen"),
    ]
