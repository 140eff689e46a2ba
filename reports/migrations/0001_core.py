import django.db.models.deletion
import uuid
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
                name='PlannerStep',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.SlugField(unique=True)),
                    ('position', models.PositiveSmallIntegerField(default=0)),
                    ('month', models.PositiveSmallIntegerField()),
                    ('day', models.PositiveSmallIntegerField()),
                    ('moves', models.CharField(choices=[('NEXT', 'to the next school day'), ('PREVIOUS', 'to the school day before'), ('WEEKDAY', 'to the next weekday')], default='NEXT', max_length=8)),
                    ('role', models.CharField(blank=True, choices=[('TEACHER', 'teacher'), ('HEAD', 'head of school'), ('CARE_COORDINATOR', 'care coordinator'), ('LIAISON', 'liaison worker'), ('OFFICE', 'school office'), ('CLB', 'CLB staff member'), ('JOINT_CLB', 'joint CLB worker'), ('CLB_DIRECTOR', 'CLB director'), ('COORDINATOR', 'project coordinator of the city'), ('PARTNER', 'partner'), ('TRANSLATOR', 'translator'), ('ADMIN', 'administrator')], max_length=20)),
                    ('cards', models.JSONField(default=list)),
                    ('template_slugs', models.JSONField(default=list)),
                    ('page', models.CharField(blank=True, max_length=40)),
                    ('lead', models.PositiveSmallIntegerField(default=5)),
                    ('words', models.JSONField(default=dict)),
                    ('is_current', models.BooleanField(default=True)),
                    ('origin', models.CharField(blank=True, max_length=80)),
                ],
                options={
                    'ordering': ['position', 'key'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('month__gte', 1), ('month__lte', 12), models.Q(('month', 7), _negated=True)), name='planner_step_august_to_june'), models.CheckConstraint(condition=models.Q(('day__gte', 1), ('day__lte', 31)), name='planner_step_day_of_month'), models.CheckConstraint(condition=models.Q(('moves__in', ['NEXT', 'PREVIOUS', 'WEEKDAY'])), name='planner_step_moves')],
                },
            ),
            migrations.CreateModel(
                name='SchoolPlan',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.school')),
                    ('year', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.schoolyear')),
                    ('started_at', models.DateTimeField(verbose_name='started at')),
                    ('started_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='started by')),
                ],
                options={
                    'verbose_name': 'year planner',
                    'ordering': ['-year__starts_on', 'school__name'],
                    'constraints': [models.UniqueConstraint(fields=('school', 'year'), name='school_plan_once')],
                },
            ),
            migrations.CreateModel(
                name='MethodAdoption',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('method', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.method')),
                    ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.school')),
                    ('status', models.CharField(choices=[('PLANNED', 'planned'), ('TRYING', 'tried out'), ('IN_USE', 'in use'), ('EMBEDDED', 'embedded'), ('STOPPED', 'stopped')], max_length=8)),
                    ('since', models.DateField()),
                    ('is_origin', models.BooleanField(default=False)),
                    ('why', models.CharField(blank=True, max_length=250)),
                ],
                options={
                    'ordering': ['method', 'school'],
                    'constraints': [models.UniqueConstraint(fields=('method', 'school'), name='adoption_once'), models.CheckConstraint(condition=models.Q(('status__in', ['PLANNED', 'TRYING', 'IN_USE', 'EMBEDDED', 'STOPPED'])), name='adoption_status_known')],
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
                    ('package', models.BinaryField()),
                    ('checksum', models.CharField(max_length=64)),
                    ('package_checksum', models.CharField(max_length=64)),
                    ('licence', models.CharField(default='CC-BY-4.0', max_length=40)),
                    ('told', models.JSONField(default=list)),
                ],
                options={
                    'ordering': ['-number'],
                },
            ),
            migrations.CreateModel(
                name='PlaybookPackage',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('edition', models.PositiveSmallIntegerField(verbose_name='edition')),
                    ('content', models.BinaryField()),
                    ('checksum', models.CharField(max_length=64, unique=True)),
                    ('brought_at', models.DateTimeField(verbose_name='brought in at')),
                    ('brought_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='brought in by')),
                    ('installed_at', models.DateTimeField(null=True, verbose_name='installed at')),
                    ('installed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='installed by')),
                    ('added', models.PositiveSmallIntegerField(default=0)),
                    ('replaced', models.PositiveSmallIntegerField(default=0)),
                ],
                options={
                    'verbose_name': 'package of a draaiboek',
                    'ordering': ['-brought_at', '-pk'],
                },
            ),
            migrations.CreateModel(
                name='NamingConsent',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('given_at', models.DateTimeField()),
                ],
            ),
            migrations.CreateModel(
                name='Adaptation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('method', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.method')),
                    ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.school')),
                    ('words', models.TextField(max_length=1200, verbose_name='how we do it')),
                    ('state', models.CharField(choices=[('PROPOSED', 'waits for the joint worker'), ('SHARED', 'shared with other schools'), ('DECLINED', 'stays at this school')], default='PROPOSED', max_length=8)),
                    ('answer', models.CharField(blank=True, max_length=200, verbose_name='answer')),
                    ('written_at', models.DateTimeField(verbose_name='written at')),
                    ('written_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='written by')),
                    ('decided_at', models.DateTimeField(null=True, verbose_name='decided at')),
                    ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
                ],
                options={
                    'verbose_name': 'adaptation of a card',
                    'ordering': ['method__position', 'school__name'],
                    'constraints': [models.UniqueConstraint(fields=('method', 'school'), name='adaptation_once'), models.CheckConstraint(condition=models.Q(('state__in', ['PROPOSED', 'SHARED', 'DECLINED'])), name='adaptation_state_known')],
                },
            ),
            migrations.CreateModel(
                name='CardQuestion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('method', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.method')),
                    ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.school')),
                    ('text', models.CharField(max_length=500, verbose_name='question')),
                    ('asked_at', models.DateTimeField(verbose_name='asked at')),
                    ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='asked by')),
                    ('asked_told_at', models.DateTimeField(null=True)),
                    ('answer', models.CharField(blank=True, max_length=1000, verbose_name='answer')),
                    ('answered_at', models.DateTimeField(null=True, verbose_name='answered at')),
                    ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='answered by')),
                    ('answer_told_at', models.DateTimeField(null=True)),
                ],
                options={
                    'verbose_name': 'question about a card',
                    'ordering': ['-asked_at', '-pk'],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_at__isnull', True)), models.Q(models.Q(('answer', ''), _negated=True), ('answered_at__isnull', False)), _connector='OR'), name='card_question_answered_once')],
                },
            ),
            migrations.CreateModel(
                name='CardVersion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('method', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.method')),
                    ('number', models.PositiveSmallIntegerField()),
                    ('made_at', models.DateTimeField()),
                    ('content', models.JSONField()),
                    ('checksum', models.CharField(max_length=64)),
                ],
                options={
                    'ordering': ['method', '-number'],
                    'constraints': [models.UniqueConstraint(fields=('method', 'number'), name='card_version_once')],
                },
            ),
            migrations.CreateModel(
                name='SchoolEquityProfile',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.school')),
                    ('first_year', models.PositiveSmallIntegerField()),
                    ('counted_on', models.DateField(null=True)),
                    ('pupils', models.PositiveIntegerField()),
                    ('home_language', models.DecimalField(decimal_places=1, max_digits=4, null=True, verbose_name='another language than Dutch at home')),
                    ('mother_education', models.DecimalField(decimal_places=1, max_digits=4, null=True, verbose_name='mother without a secondary diploma')),
                    ('allowance', models.DecimalField(decimal_places=1, max_digits=4, null=True, verbose_name='school allowance')),
                    ('neighbourhood', models.DecimalField(decimal_places=1, max_digits=4, null=True, verbose_name='neighbourhood where many children fall behind')),
                    ('oki', models.DecimalField(decimal_places=2, max_digits=3, null=True, verbose_name='OKI')),
                    ('source', models.CharField(max_length=120)),
                    ('brought_in_at', models.DateTimeField(verbose_name='brought in at')),
                    ('brought_in_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='brought in by')),
                ],
                options={
                    'ordering': ['school__name', '-first_year'],
                    'constraints': [models.UniqueConstraint(fields=('school', 'first_year'), name='equity_profile_once_a_year'), models.CheckConstraint(condition=models.Q(('pupils__gt', 0)), name='equity_profile_of_somebody'), models.CheckConstraint(condition=models.Q(('oki__isnull', True), models.Q(('oki__gte', 0), ('oki__lte', 4)), _connector='OR'), name='equity_profile_oki')],
                },
            ),
            migrations.CreateModel(
                name='EvaluationReport',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.project')),
                    ('kind', models.CharField(choices=[('INTERIM', 'interim report'), ('FINAL', 'evaluation'), ('APPLY', 'application for next year')], default='FINAL', max_length=8)),
                    ('version', models.PositiveSmallIntegerField(default=1)),
                    ('state', models.CharField(choices=[('DRAFT', 'draft'), ('REVIEW', 'in review'), ('SIGNED', 'signed'), ('SUBMITTED', 'submitted')], default='DRAFT', max_length=10)),
                    ('title', models.CharField(max_length=160, verbose_name='title')),
                    ('identification', models.JSONField(default=list)),
                    ('created_at', models.DateTimeField()),
                    ('edited_at', models.DateTimeField()),
                    ('edited_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('source', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='reports.evaluationreport')),
                    ('wishes', models.JSONField(default=dict)),
                    ('submitted_at', models.DateTimeField(null=True)),
                    ('submitted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': 'evaluation report',
                    'ordering': ['-created_at'],
                    'constraints': [models.UniqueConstraint(fields=('project', 'kind', 'version'), name='report_version_once'), models.CheckConstraint(condition=models.Q(('state__in', ['DRAFT', 'REVIEW', 'SIGNED', 'SUBMITTED'])), name='report_state_known'), models.CheckConstraint(condition=models.Q(('kind__in', ['INTERIM', 'FINAL', 'APPLY'])), name='report_kind_known'), models.CheckConstraint(condition=models.Q(('source__isnull', True), ('kind', 'APPLY'), _connector='OR'), name='report_source_of_application'), models.CheckConstraint(condition=models.Q(('submitted_at', None), ('state', 'SUBMITTED'), _connector='OR'), name='report_submitted_at_when_submitted'), models.CheckConstraint(condition=models.Q(('submitted_by', None), ('submitted_at__isnull', False), _connector='OR'), name='report_submitted_by_at_a_moment')],
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
                    ('forms', models.JSONField(default=dict)),
                    ('notice', models.OneToOneField(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='messaging.notice')),
                    ('rounds_sent', models.PositiveSmallIntegerField(db_default=0, default=0)),
                    ('last_round_on', models.DateField(null=True)),
                ],
                options={
                    'ordering': ['-opens_on', 'school__name', 'audience', 'pk'],
                    'constraints': [models.UniqueConstraint(fields=('project', 'school', 'kind', 'audience'), name='wave_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['BASELINE', 'END'])), name='wave_kind_known'), models.CheckConstraint(condition=models.Q(('audience__in', ['PARENTS', 'TEAM'])), name='wave_audience_known'), models.CheckConstraint(condition=models.Q(('closes_on__gte', models.F('opens_on'))), name='wave_closes_after_it_opens')],
                },
            ),
            migrations.CreateModel(
                name='ReportOutline',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('funder', models.CharField(max_length=120, unique=True, verbose_name='fund')),
                    ('chapters', models.JSONField()),
                    ('edition', models.PositiveIntegerField(default=1)),
                    ('changed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('changed_at', models.DateTimeField()),
                ],
                options={
                    'verbose_name': 'chapters for a fund',
                    'ordering': ['funder'],
                },
            ),
            migrations.CreateModel(
                name='TimeEntry',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.project', verbose_name='project')),
                    ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='colleague')),
                    ('week_of', models.DateField(verbose_name='week of')),
                    ('activity', models.CharField(choices=[('CONTACT', 'contact with families'), ('PREPARATION', 'preparation'), ('COACHING', 'coaching of the team'), ('ADMINISTRATION', 'administration'), ('TRAVEL', 'travel')], max_length=16, verbose_name='activity')),
                    ('hours', models.DecimalField(decimal_places=1, max_digits=5, verbose_name='hours')),
                ],
                options={
                    'ordering': ['week_of'],
                    'constraints': [models.UniqueConstraint(fields=('project', 'user', 'week_of', 'activity'), name='hours_once'), models.CheckConstraint(condition=models.Q(('hours__gte', 0)), name='hours_positive')],
                },
            ),
            migrations.CreateModel(
                name='BudgetLine',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='schools.project')),
                    ('name', models.CharField(max_length=80, verbose_name='name')),
                    ('granted', models.DecimalField(decimal_places=2, max_digits=10, verbose_name='granted')),
                    ('position', models.PositiveSmallIntegerField(default=0)),
                ],
                options={
                    'ordering': ['position', 'pk'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('granted__gte', 0)), name='granted_positive')],
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
                name='AccessScan',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.school')),
                    ('measured_on', models.DateField(verbose_name='measured on')),
                    ('client_id', models.UUIDField(unique=True)),
                    ('kept_at', models.DateTimeField(verbose_name='kept at')),
                    ('kept_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='kept by')),
                ],
                options={
                    'verbose_name': 'accessibility scan',
                    'ordering': ['-measured_on', '-pk'],
                    'constraints': [models.UniqueConstraint(fields=('school', 'measured_on'), name='scan_once_a_day')],
                },
            ),
            migrations.CreateModel(
                name='ScanAction',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.school')),
                    ('point', models.CharField(max_length=12)),
                    ('what', models.CharField(max_length=160, verbose_name='what we will do')),
                    ('owner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who sees to it')),
                    ('due_on', models.DateField(verbose_name='by when')),
                    ('done_on', models.DateField(null=True, verbose_name='done on')),
                    ('planned_at', models.DateTimeField(verbose_name='planned at')),
                    ('planned_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='planned by')),
                ],
                options={
                    'ordering': ['due_on', 'pk'],
                },
            ),
            migrations.CreateModel(
                name='Target',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='schools.project')),
                    ('school', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.school')),
                    ('indicator', models.CharField(max_length=4)),
                    ('value', models.DecimalField(decimal_places=1, max_digits=6, null=True, verbose_name='target')),
                    ('objective', models.CharField(blank=True, max_length=250, verbose_name='objective')),
                    ('reason', models.CharField(blank=True, max_length=250, verbose_name='reason')),
                    ('holds_from', models.DateField(verbose_name='holds from')),
                    ('set_at', models.DateTimeField(null=True, verbose_name='set at')),
                    ('set_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='set by')),
                ],
                options={
                    'ordering': ['indicator', 'holds_from', 'pk'],
                    'indexes': [models.Index(fields=['project', 'indicator', 'school'], name='target_of_project')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('value__isnull', True), ('value__gte', 0), _connector='OR'), name='target_positive')],
                },
            ),
            migrations.CreateModel(
                name='DiaryNote',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.project')),
                    ('day', models.DateField(verbose_name='day')),
                    ('text', models.TextField(max_length=2000, verbose_name='note')),
                    ('chapter', models.PositiveSmallIntegerField(null=True)),
                    ('method', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.method')),
                    ('school', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.school')),
                    ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('written_at', models.DateTimeField()),
                    ('client_id', models.UUIDField(unique=True)),
                ],
                options={
                    'verbose_name': 'note in the diary',
                    'ordering': ['-day', '-pk'],
                    'indexes': [models.Index(fields=['project', '-day'], name='diary_by_day')],
                },
            ),
            migrations.CreateModel(
                name='PlannedStep',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='reports.schoolplan')),
                    ('step', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='reports.plannerstep')),
                    ('due_on', models.DateField(verbose_name='on')),
                    ('advised_on', models.DateField()),
                    ('remind_on', models.DateField()),
                    ('reminded_at', models.DateTimeField(null=True, verbose_name='reminded at')),
                    ('owner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who sees to it')),
                    ('state', models.CharField(choices=[('OPEN', 'to do'), ('DONE', 'done'), ('SKIPPED', 'left out')], default='OPEN', max_length=7)),
                    ('reason', models.CharField(blank=True, max_length=200, verbose_name='why')),
                    ('settled_on', models.DateField(null=True)),
                    ('settled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='settled by')),
                ],
                options={
                    'verbose_name': 'step of the year planner',
                    'ordering': ['due_on', 'step__position', 'pk'],
                    'indexes': [models.Index(condition=models.Q(('reminded_at', None), ('state', 'OPEN')), fields=['remind_on'], name='planned_step_to_remind')],
                    'constraints': [models.UniqueConstraint(fields=('plan', 'step'), name='planned_step_once'), models.CheckConstraint(condition=models.Q(('state__in', ['OPEN', 'DONE', 'SKIPPED'])), name='planned_step_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('settled_on__isnull', True), ('state', 'OPEN')), models.Q(models.Q(('state', 'OPEN'), _negated=True), ('settled_on__isnull', False)), _connector='OR'), name='planned_step_settled_on_a_day'), models.CheckConstraint(condition=models.Q(('remind_on__lte', models.F('due_on'))), name='planned_step_reminded_before')],
                },
            ),
            migrations.CreateModel(
                name='EditionPage',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('edition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pages', to='reports.playbookedition')),
                    ('language', models.CharField(max_length=2)),
                    ('content', models.JSONField()),
                    ('html', models.TextField()),
                    ('checksum', models.CharField(max_length=64)),
                ],
                options={
                    'ordering': ['edition', 'language'],
                    'constraints': [models.UniqueConstraint(fields=('edition', 'language'), name='edition_page_once')],
                },
            ),
            migrations.CreateModel(
                name='AdoptionChange',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('adoption', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='reports.methodadoption')),
                    ('status', models.CharField(choices=[('PLANNED', 'planned'), ('TRYING', 'tried out'), ('IN_USE', 'in use'), ('EMBEDDED', 'embedded'), ('STOPPED', 'stopped')], max_length=8)),
                    ('since', models.DateField()),
                    ('why', models.CharField(blank=True, max_length=250)),
                    ('noted_at', models.DateTimeField()),
                ],
                options={
                    'ordering': ['-noted_at', '-pk'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('status__in', ['PLANNED', 'TRYING', 'IN_USE', 'EMBEDDED', 'STOPPED'])), name='adoption_change_status_known')],
                },
            ),
            migrations.CreateModel(
                name='ReportChapter',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('report', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='chapters', to='reports.evaluationreport')),
                    ('number', models.PositiveSmallIntegerField()),
                    ('plan', models.PositiveSmallIntegerField(null=True)),
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
                name='ReportSummary',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('report', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='summaries', to='reports.evaluationreport')),
                    ('language', models.CharField(choices=[('nl', 'Nederlands'), ('fr', 'Français'), ('en', 'English')], max_length=2)),
                    ('done', models.CharField(blank=True, max_length=240, verbose_name='what was done')),
                    ('schools', models.CharField(blank=True, max_length=240, verbose_name='what schools and parents say')),
                    ('next_year', models.CharField(blank=True, max_length=240, verbose_name='next year')),
                    ('edition', models.PositiveIntegerField(default=1)),
                ],
                options={
                    'ordering': ['language'],
                    'constraints': [models.UniqueConstraint(fields=('report', 'language'), name='report_summary_once'), models.CheckConstraint(condition=models.Q(('language__in', ['nl', 'fr', 'en'])), name='report_summary_language_known')],
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
                name='ReportReminder',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('report', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='reports.evaluationreport')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('days_before', models.PositiveSmallIntegerField()),
                    ('held_until', models.DateTimeField()),
                    ('sent_at', models.DateTimeField(null=True)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('report', 'person', 'days_before'), name='report_reminder_once')],
                },
            ),
            migrations.CreateModel(
                name='MeasurementInvitee',
                fields=[
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ('wave', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invitees', to='reports.measurementwave')),
                    ('guardian', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='parents.guardian')),
                    ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('has_answered', models.BooleanField(default=False)),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('guardian__isnull', False), ('user__isnull', True)), models.Q(('guardian__isnull', True), ('user__isnull', False)), _connector='OR'), name='invitee_is_one_person')],
                },
            ),
            migrations.CreateModel(
                name='MeasurementBox',
                fields=[
                    ('wave', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='box', serialize=False, to='reports.measurementwave')),
                    ('counts', models.JSONField(default=dict)),
                    ('forms', models.JSONField(default=dict)),
                    ('texts', models.JSONField(default=list)),
                ],
            ),
            migrations.CreateModel(
                name='FreeAnswer',
                fields=[
                    ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                    ('wave', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='free_answers', to='reports.measurementwave')),
                    ('original', models.TextField()),
                    ('words', models.TextField(blank=True)),
                    ('state', models.CharField(choices=[('WAITING', 'to be read'), ('RELEASED', 'released'), ('WITHHELD', 'withheld')], default='WAITING', max_length=8)),
                    ('reviewed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['pk'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['WAITING', 'RELEASED', 'WITHHELD'])), name='free_answer_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('reviewed_by__isnull', True), ('state', 'WAITING')), models.Q(('reviewed_by__isnull', False), ('state__in', ['RELEASED', 'WITHHELD'])), _connector='OR'), name='free_answer_has_reviewer'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'RELEASED'), _negated=True), models.Q(('words', ''), _negated=True), _connector='OR'), name='free_answer_released_has_words')],
                },
            ),
            migrations.CreateModel(
                name='TimeCorrection',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('entry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='corrections', to='reports.timeentry')),
                    ('hours', models.DecimalField(decimal_places=1, max_digits=5)),
                    ('corrected_at', models.DateTimeField()),
                ],
                options={
                    'ordering': ['corrected_at', 'pk'],
                },
            ),
            migrations.CreateModel(
                name='BudgetChange',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='reports.budgetline')),
                    ('name', models.CharField(max_length=80)),
                    ('granted', models.DecimalField(decimal_places=2, max_digits=10)),
                    ('reason', models.CharField(max_length=120, verbose_name='reason')),
                    ('changed_at', models.DateTimeField(verbose_name='changed at')),
                    ('changed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='changed by')),
                ],
                options={
                    'ordering': ['-changed_at', '-pk'],
                },
            ),
            migrations.CreateModel(
                name='BudgetBooking',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bookings', to='reports.budgetline')),
                    ('booked_on', models.DateField(verbose_name='spent on')),
                    ('amount', models.DecimalField(decimal_places=2, max_digits=10, verbose_name='amount')),
                    ('what', models.CharField(blank=True, max_length=120, verbose_name='for what')),
                    ('proof', models.CharField(blank=True, max_length=40, verbose_name='number of the proof')),
                    ('reverses', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reversed_by', to='reports.budgetbooking')),
                    ('client_id', models.UUIDField(null=True, unique=True)),
                    ('booked_at', models.DateTimeField(verbose_name='booked at')),
                    ('booked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='booked by')),
                ],
                options={
                    'ordering': ['-booked_on', '-pk'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('amount', 0), _negated=True), name='booking_of_something')],
                },
            ),
            migrations.CreateModel(
                name='ScanAnswer',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('scan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='reports.accessscan')),
                    ('point', models.CharField(max_length=12)),
                    ('answer', models.CharField(choices=[('YES', 'yes'), ('PARTLY', 'partly'), ('NO', 'no'), ('NA', 'not applicable')], max_length=6)),
                    ('remark', models.CharField(blank=True, max_length=200, verbose_name='remark')),
                ],
                options={
                    'ordering': ['pk'],
                    'constraints': [models.UniqueConstraint(fields=('scan', 'point'), name='scan_point_once'), models.CheckConstraint(condition=models.Q(('answer__in', ['YES', 'PARTLY', 'NO', 'NA'])), name='scan_answer_known')],
                },
            ),
            migrations.CreateModel(
                name='TargetAgreement',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('target', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='agreements', to='reports.target')),
                    ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.school')),
                    ('way', models.CharField(choices=[('CONFIRMED', 'confirmed by the head'), ('TALK', 'agreed in a talk')], max_length=9)),
                    ('agreed_on', models.DateField(verbose_name='agreed on')),
                    ('noted_at', models.DateTimeField(verbose_name='noted at')),
                    ('noted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='noted by')),
                ],
                options={
                    'ordering': ['school__name'],
                    'constraints': [models.UniqueConstraint(fields=('target', 'school'), name='target_agreed_once'), models.CheckConstraint(condition=models.Q(('way__in', ['CONFIRMED', 'TALK'])), name='target_agreement_way_known')],
                },
            ),
            migrations.CreateModel(
                name='ReportComment',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('chapter', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='comments', to='reports.reportchapter')),
                    ('answers', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='thread', to='reports.reportcomment')),
                    ('text', models.TextField(max_length=2000, verbose_name='comment')),
                    ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('written_at', models.DateTimeField()),
                    ('resolved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('resolved_at', models.DateTimeField(null=True)),
                ],
                options={
                    'verbose_name': 'comment on a chapter',
                    'ordering': ['pk'],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('resolved_at__isnull', True), ('resolved_by__isnull', True)), models.Q(('answers__isnull', True), ('resolved_at__isnull', False), ('resolved_by__isnull', False)), _connector='OR'), name='comment_resolved_as_a_thread')],
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
                    ('kind', models.CharField(choices=[('XLSX', 'workbook'), ('DOCX', 'Word document'), ('S_NL', 'summary in Dutch'), ('S_FR', 'summary in French'), ('S_EN', 'summary in English')], max_length=4)),
                    ('content', models.BinaryField()),
                    ('checksum', models.CharField(db_index=True, max_length=64)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('frozen', 'kind'), name='frozen_file_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['XLSX', 'DOCX', 'S_NL', 'S_FR', 'S_EN'])), name='frozen_file_kind_known')],
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
            migrations.CreateModel(
                name='ChapterVersion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('chapter', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='reports.reportchapter')),
                    ('edition', models.PositiveIntegerField()),
                    ('text', models.TextField(blank=True, verbose_name='text')),
                    ('written_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('written_at', models.DateTimeField()),
                ],
                options={
                    'ordering': ['-edition'],
                    'constraints': [models.UniqueConstraint(fields=('chapter', 'edition'), name='chapter_version_once')],
                },
            ),
            migrations.CreateModel(
                name='ChapterDraft',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('chapter', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='drafts', to='reports.reportchapter')),
                    ('edition', models.PositiveIntegerField()),
                    ('text', models.TextField(blank=True, verbose_name='text')),
                    ('revision', models.PositiveIntegerField(default=1)),
                    ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('saved_at', models.DateTimeField()),
                ],
                options={
                    'ordering': ['-saved_at', '-pk'],
                    'indexes': [models.Index(fields=['chapter', 'written_by'], name='chapter_draft_of')],
                },
            ),
        ]),
    ]
