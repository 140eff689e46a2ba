import django.db.models.deletion
from django.db import migrations, models

from parents.guards import goes_with_its_family, joined_families

TABLES = (
    "parents_attendance",
    "parents_conferenceslot",
    "parents_contactmoment",
    "parents_familymembership",
    "parents_followup",
    "parents_interpreterrequest",
    "parents_legalhold",
    "parents_ownversion",
)


class Migration(migrations.Migration):
    dependencies = [
        ("parents", "0010_absences"),
        ("schools", "0002_guards"),
    ]

    operations = [
        migrations.AddField(
            model_name="guardian",
            name="reading_confirmed_on",
            field=models.DateField(null=True),
        ),
        migrations.CreateModel(
            name="MergedChild",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "family",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parents.family"
                    ),
                ),
                (
                    "merge",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="children", to="parents.familymerge"
                    ),
                ),
                (
                    "pupil",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="schools.pupil"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("merge", "pupil"), name="merged_child_once")],
            },
        ),
        joined_families(),
        *(goes_with_its_family(table) for table in TABLES),
    ]
