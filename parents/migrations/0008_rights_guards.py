from django.db import migrations

from schools.guards import insert_only


class Migration(migrations.Migration):
    dependencies = [("parents", "0007_rights_of_people")]

    operations = [insert_only("parents_contactstatistics"), insert_only("parents_erased")]
