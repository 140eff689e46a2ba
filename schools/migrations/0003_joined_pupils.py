import django.db.models.deletion
from django.db import migrations, models

from schools.guards import goes_with_its_pupil, joined_pupils


class Migration(migrations.Migration):
    dependencies = [("schools", "0002_guards")]

    operations = [
        migrations.AddField(
            model_name="pupil",
            name="merged_into",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="schools.pupil"
            ),
        ),
        joined_pupils("pupil_id"),
        goes_with_its_pupil("schools_enrolment"),
    ]
