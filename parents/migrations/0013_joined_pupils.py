import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from parents.guards import goes_with_its_family
from schools.guards import goes_with_its_pupil, joined_pupils, said_again

TABLES = (
    "parents_absence",
    "parents_conferenceslot",
    "parents_contactmoment_pupils",
    "parents_familymembership",
    "parents_followup",
    "parents_growthnote",
    "parents_guardianship",
    "parents_interpreterrequest",
)


class Migration(migrations.Migration):
    dependencies = [
        ("parents", "0012_meeting_changes"),
        ("schools", "0003_joined_pupils"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="interpreterrequest",
            name="on_sheet",
            field=models.JSONField(editable=False, null=True),
        ),
        migrations.CreateModel(
            name='PupilMerge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('moved', models.JSONField(default=dict)),
                ('aside', models.JSONField(default=list)),
                ('made', models.JSONField(default=dict)),
                ('numbers', models.JSONField(default=list)),
                ('guardians', models.JSONField(default=list)),
                ('at', models.DateTimeField()),
                ('undone_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('family_merge', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='parents.familymerge')),
                ('joined', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.pupil')),
                ('kept', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.pupil')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='schools.school')),
                ('undone_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'joined rows of a child',
                'ordering': ['-at', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('kept', models.F('joined')), _negated=True), name='pupil_merge_of_two'), models.UniqueConstraint(condition=models.Q(('undone_at__isnull', True)), fields=('joined',), name='pupil_merge_joined_once')],
            },
        ),
        said_again(goes_with_its_family("parents_interpreterrequest")),  # 0012 lost it on SQLite
        joined_pupils("child_id"),
        *(goes_with_its_pupil(table) for table in TABLES),
        *(goes_with_its_pupil(table, "child_id") for table in ("parents_consent", "parents_datarequest")),
    ]
