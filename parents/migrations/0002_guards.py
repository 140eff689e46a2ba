from django.db import migrations

from schools.guards import insert_only, no_overlap


class Migration(migrations.Migration):
    dependencies = [("parents", "0001_core")]

    operations = [
        no_overlap("parents_familymembership", "pupil_id"),
        no_overlap("parents_guardianship", "pupil_id", "guardian_id"),
        insert_only("parents_contactstatistics"),
        insert_only("parents_erased"),
    ]
