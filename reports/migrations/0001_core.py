import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from schools.migrating import CreateModels


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('messaging', '0001_core'),
        ('parents', '0001_core'),
        ('schools', '0001_core'),
    ]

    operations = [
        CreateModels([
            migrations.CreateModel(
                name='EvaluationReport',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.project')),
                    ('kind', models.CharField(choices=[('INTERIM', 'interim report'), ('FINAL', 'evaluation')], default='FINAL', max_length=8)),
                    ('version', models.PositiveSmallIntegerField(default=1)),
                    ('state', models.CharField(choices=[('DRAFT', 'draft'), ('REVIEW', 'in review'), ('SIGNED', 'signed'), ('SUBMITTED', 'submitted')], default='DRAFT', max_length=10)),
                    ('title', models.CharField(max_length=160, verbose_name='title')),
                    ('identification', models.JSONField(default=list)),
                    ('created_at', models.DateTimeField()),
                    ('edited_at', models.DateTimeField()),
                    ('edited_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
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
                    ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.project')),
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
                ],
                options={
                    'ordering': ['-pk'],
                    'indexes': [models.Index(fields=['project', 'indicator', '-as_of'], name='figure_run_of_project')],
                },
            ),
            migrations.CreateModel(
                name='MeasurementWave',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.project')),
                    ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.school')),
                    ('kind', models.CharField(choices=[('BASELINE', 'baseline'), ('END', 'end measurement')], max_length=8)),
                    ('audience', models.CharField(choices=[('PARENTS', 'parents'), ('TEAM', 'school team')], max_length=8)),
                    ('opens_on', models.DateField()),
                    ('closes_on', models.DateField()),
                    ('invited', models.PositiveIntegerField()),
                    ('counts', models.JSONField(default=dict)),
                ],
                options={
                    'ordering': ['opens_on'],
                    'constraints': [models.UniqueConstraint(fields=('project', 'school', 'kind', 'audience'), name='wave_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['BASELINE', 'END'])), name='wave_kind_known')],
                },
            ),
            migrations.CreateModel(
                name='Target',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='schools.project')),
                    ('indicator', models.CharField(max_length=4)),
                    ('value', models.DecimalField(decimal_places=1, max_digits=6)),
                    ('objective', models.CharField(blank=True, max_length=250)),
                    ('agreed_on', models.DateField()),
                ],
                options={
                    'ordering': ['indicator'],
                    'constraints': [models.UniqueConstraint(fields=('project', 'indicator'), name='target_once')],
                },
            ),
            migrations.CreateModel(
                name='MethodAdoption',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('method', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.method')),
                    ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.school')),
                    ('status', models.CharField(choices=[('PLANNED', 'planned'), ('IN_USE', 'in use'), ('EMBEDDED', 'embedded'), ('STOPPED', 'stopped')], max_length=8)),
                    ('since', models.DateField()),
                    ('is_origin', models.BooleanField(default=False)),
                    ('why_stopped', models.CharField(blank=True, max_length=250)),
                ],
                options={
                    'ordering': ['method', 'school'],
                    'constraints': [models.UniqueConstraint(fields=('method', 'school'), name='adoption_once'), models.CheckConstraint(condition=models.Q(('status__in', ['PLANNED', 'IN_USE', 'EMBEDDED', 'STOPPED'])), name='adoption_status_known')],
                },
            ),
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
                name='TimeEntry',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='schools.project')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('week_of', models.DateField()),
                    ('activity', models.CharField(choices=[('CONTACT', 'contact with families'), ('PREPARATION', 'preparation'), ('COACHING', 'coaching of the team'), ('ADMINISTRATION', 'administration'), ('TRAVEL', 'travel')], max_length=16)),
                    ('hours', models.DecimalField(decimal_places=1, max_digits=5)),
                ],
                options={
                    'ordering': ['week_of'],
                    'constraints': [models.UniqueConstraint(fields=('project', 'user', 'week_of', 'activity'), name='hours_once')],
                },
            ),
            migrations.CreateModel(
                name='BudgetLine',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='schools.project')),
                    ('name', models.CharField(max_length=80)),
                    ('granted', models.DecimalField(decimal_places=2, max_digits=10)),
                    ('spent', models.DecimalField(decimal_places=2, default=0, max_digits=10)),
                    ('position', models.PositiveSmallIntegerField(default=0)),
                ],
                options={
                    'ordering': ['position'],
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
                    ('report', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='chapters', to='reports.evaluationreport')),
                    ('number', models.PositiveSmallIntegerField()),
                    ('title', models.CharField(max_length=160, verbose_name='title')),
                    ('text', models.TextField(blank=True, verbose_name='text')),
                    ('edition', models.PositiveIntegerField(default=1)),
                ],
                options={
                    'ordering': ['number'],
                    'constraints': [models.UniqueConstraint(fields=('report', 'number'), name='chapter_once')],
                },
            ),
            migrations.CreateModel(
                name='FrozenReport',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='frozen', to='reports.evaluationreport')),
                    ('checksum', models.CharField(max_length=64, unique=True)),
                    ('content', models.JSONField()),
                    ('pdf', models.BinaryField()),
                    ('pdf_checksum', models.CharField(max_length=64)),
                    ('frozen_at', models.DateTimeField()),
                    ('frozen_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['-pk'],
                },
            ),
            migrations.CreateModel(
                name='ChapterBlock',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('chapter', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='blocks', to='reports.reportchapter')),
                    ('position', models.PositiveSmallIntegerField()),
                    ('form', models.CharField(choices=[('SENTENCE', 'sentence'), ('TABLE', 'table'), ('CHART', 'chart')], max_length=8)),
                    ('run', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='reports.figurerun')),
                    ('caption', models.CharField(blank=True, max_length=200)),
                ],
                options={
                    'ordering': ['position'],
                    'constraints': [models.UniqueConstraint(fields=('chapter', 'position'), name='block_once')],
                },
            ),
            migrations.CreateModel(
                name='FrozenFile',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('frozen', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='reports.frozenreport')),
                    ('kind', models.CharField(choices=[('XLSX', 'workbook')], max_length=4)),
                    ('content', models.BinaryField()),
                    ('checksum', models.CharField(db_index=True, max_length=64)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('frozen', 'kind'), name='frozen_file_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['XLSX'])), name='frozen_file_kind_known')],
                },
            ),
            migrations.CreateModel(
                name='ReportSignature',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('frozen', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to='reports.frozenreport')),
                    ('centre', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.clbcentre')),
                    ('signed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('signed_at', models.DateTimeField()),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('frozen', 'centre'), name='signature_once')],
                },
            ),
        ]),
    ]
