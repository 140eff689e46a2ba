from django.db import migrations

from schools.guards import goes_with_its_pupil, insert_only, joined_pupils, no_overlap


class Migration(migrations.Migration):
    dependencies = [("schools", "0001_core")]

    operations = [
        no_overlap("schools_enrolment", "pupil_id"),
        insert_only("schools_auditentry", deletable_after_days=730),
        insert_only("schools_auditsubject", deletable_after_days=730),
        joined_pupils("pupil_id"),
        goes_with_its_pupil("schools_enrolment"),
    ]
