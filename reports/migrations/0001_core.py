import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('schools', '0001_core'),
        ('schools', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='PlaybookEdition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(unique=True)),
                ('frozen_at', models.DateTimeField()),
                ('content', models.JSONField()),
                ('booklet', models.BinaryField()),
                ('checksum', models.CharField(max_length=64)),
                ('licence', models.CharField(default='CC-BY-4.0', max_length=40)),
            ],
            options={
                'ordering': ['-number'],
            },
        ),
        migrations.CreateModel(
            name='BudgetLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
                ('granted', models.DecimalField(decimal_places=2, max_digits=10)),
                ('spent', models.DecimalField(decimal_places=2, default=0, max_digits=10)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='schools.project')),
            ],
            options={
                'ordering': ['position'],
            },
        ),
        migrations.CreateModel(
            name='EvaluationReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('INTERIM', 'interim report'), ('FINAL', 'evaluation')], default='FINAL', max_length=8)),
                ('version', models.PositiveSmallIntegerField(default=1)),
                ('state', models.CharField(choices=[('DRAFT', 'draft'), ('REVIEW', 'in review'), ('SIGNED', 'signed'), ('SUBMITTED', 'submitted')], default='DRAFT', max_length=10)),
                ('title', models.CharField(max_length=160, verbose_name='title')),
                ('identification', models.JSONField(default=list)),
                ('created_at', models.DateTimeField()),
                ('edited_at', models.DateTimeField()),
                ('edited_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.project')),
            ],
            options={
                'verbose_name': 'evaluation report',
                'ordering': ['-created_at'],
                'constraints': [models.UniqueConstraint(fields=('project', 'kind', 'version'), name='report_version_once'), models.CheckConstraint(condition=models.Q(('state__in', ['DRAFT', 'REVIEW', 'SIGNED', 'SUBMITTED'])), name='report_state_known'), models.CheckConstraint(condition=models.Q(('kind__in', ['INTERIM', 'FINAL'])), name='report_kind_known')],
            },
        ),
        migrations.CreateModel(
            name='FigureRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('indicator', models.CharField(max_length=4)),
                ('version', models.PositiveSmallIntegerField()),
                ('breakdown', models.CharField(blank=True, max_length=20)),
                ('period_from', models.DateField()),
                ('period_to', models.DateField()),
                ('as_of', models.DateTimeField()),
                ('parameters', models.JSONField(default=dict)),
                ('result', models.JSONField()),
                ('checksum', models.CharField(max_length=64)),
                ('computed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.project')),
            ],
            options={
                'ordering': ['-pk'],
                'indexes': [models.Index(fields=['project', 'indicator', '-as_of'], name='figure_run_of_project')],
            },
        ),
        migrations.CreateModel(
            name='FrozenReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('checksum', models.CharField(max_length=64, unique=True)),
                ('content', models.JSONField()),
                ('pdf', models.BinaryField()),
                ('pdf_checksum', models.CharField(max_length=64)),
                ('frozen_at', models.DateTimeField()),
                ('frozen_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='frozen', to='reports.evaluationreport')),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='MeasurementWave',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('BASELINE', 'baseline'), ('END', 'end measurement')], max_length=8)),
                ('audience', models.CharField(choices=[('PARENTS', 'parents'), ('TEAM', 'school team')], max_length=8)),
                ('opens_on', models.DateField()),
                ('closes_on', models.DateField()),
                ('invited', models.PositiveIntegerField()),
                ('counts', models.JSONField(default=dict)),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.project')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.school')),
            ],
            options={
                'ordering': ['opens_on'],
                'constraints': [models.UniqueConstraint(fields=('project', 'school', 'kind', 'audience'), name='wave_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['BASELINE', 'END'])), name='wave_kind_known')],
            },
        ),
        migrations.CreateModel(
            name='MethodAdoption',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(choices=[('PLANNED', 'planned'), ('IN_USE', 'in use'), ('EMBEDDED', 'embedded'), ('STOPPED', 'stopped')], max_length=8)),
                ('since', models.DateField()),
                ('is_origin', models.BooleanField(default=False)),
                ('why_stopped', models.CharField(blank=True, max_length=250)),
                ('method', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.method')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.school')),
            ],
            options={
                'ordering': ['method', 'school'],
                'constraints': [models.UniqueConstraint(fields=('method', 'school'), name='adoption_once'), models.CheckConstraint(condition=models.Q(('status__in', ['PLANNED', 'IN_USE', 'EMBEDDED', 'STOPPED'])), name='adoption_status_known')],
            },
        ),
        migrations.CreateModel(
            name='OnceJob',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60)),
                ('period', models.CharField(max_length=40)),
                ('done_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('name', 'period'), name='once_job_once')],
            },
        ),
        migrations.CreateModel(
            name='ReportChapter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('title', models.CharField(max_length=160, verbose_name='title')),
                ('text', models.TextField(blank=True, verbose_name='text')),
                ('edition', models.PositiveIntegerField(default=1)),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='chapters', to='reports.evaluationreport')),
            ],
            options={
                'ordering': ['number'],
                'constraints': [models.UniqueConstraint(fields=('report', 'number'), name='chapter_once')],
            },
        ),
        migrations.CreateModel(
            name='ChapterBlock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('form', models.CharField(choices=[('SENTENCE', 'sentence'), ('TABLE', 'table'), ('CHART', 'chart')], max_length=8)),
                ('caption', models.CharField(blank=True, max_length=200)),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='reports.figurerun')),
                ('chapter', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='blocks', to='reports.reportchapter')),
            ],
            options={
                'ordering': ['position'],
                'constraints': [models.UniqueConstraint(fields=('chapter', 'position'), name='block_once')],
            },
        ),
        migrations.CreateModel(
            name='ReportSignature',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('signed_at', models.DateTimeField()),
                ('centre', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.clbcentre')),
                ('frozen', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to='reports.frozenreport')),
                ('signed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('frozen', 'centre'), name='signature_once')],
            },
        ),
        migrations.CreateModel(
            name='Target',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('indicator', models.CharField(max_length=4)),
                ('value', models.DecimalField(decimal_places=1, max_digits=6)),
                ('objective', models.CharField(blank=True, max_length=250)),
                ('agreed_on', models.DateField()),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='schools.project')),
            ],
            options={
                'ordering': ['indicator'],
                'constraints': [models.UniqueConstraint(fields=('project', 'indicator'), name='target_once')],
            },
        ),
        migrations.CreateModel(
            name='TimeEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('week_of', models.DateField()),
                ('activity', models.CharField(choices=[('CONTACT', 'contact with families'), ('PREPARATION', 'preparation'), ('COACHING', 'coaching of the team'), ('ADMINISTRATION', 'administration'), ('TRAVEL', 'travel')], max_length=16)),
                ('hours', models.DecimalField(decimal_places=1, max_digits=5)),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='schools.project')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['week_of'],
                'constraints': [models.UniqueConstraint(fields=('project', 'user', 'week_of', 'activity'), name='hours_once')],
            },
        ),
    ]
