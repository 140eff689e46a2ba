from django.db import migrations

from schools.guards import goes_with_its_pupil


class Migration(migrations.Migration):
    dependencies = [
        ("messaging", "0005_fewer_indexes"),
        ("schools", "0003_joined_pupils"),
    ]

    operations = [goes_with_its_pupil("messaging_noticepupil"), goes_with_its_pupil("messaging_thread")]
