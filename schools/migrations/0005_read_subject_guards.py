from django.db import migrations

from schools.guards import insert_only


class Migration(migrations.Migration):
    dependencies = [("schools", "0004_read_subjects")]

    operations = [insert_only("schools_auditsubject", deletable_after_days=730)]
