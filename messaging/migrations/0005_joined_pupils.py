from django.db import migrations

from schools.guards import goes_with_its_pupil


class Migration(migrations.Migration):
    dependencies = [
        ("messaging", "0004_answers_of_joined_families"),
        ("schools", "0003_joined_pupils"),
    ]

    operations = [goes_with_its_pupil("messaging_noticepupil"), goes_with_its_pupil("messaging_thread")]
