from django.db import migrations

from schools.guards import insert_only


class Migration(migrations.Migration):
    dependencies = [("messaging", "0001_core")]

    operations = [insert_only("messaging_deliveryevent", may_delete=True)]
