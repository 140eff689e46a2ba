from django.db import migrations

from schools.guards import insert_only


class Migration(migrations.Migration):
    dependencies = [("messaging", "0012_running_outbox")]

    operations = [
        insert_only("messaging_jobrun", deletable_after_days=400),
        insert_only("messaging_dailydeliveries", may_delete=True),
    ]
