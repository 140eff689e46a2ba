import django.db.models.deletion
import uuid
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
            name='ContactPoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('EMAIL', 'e-mail address'), ('PHONE', 'phone number')], max_length=5)),
                ('value', models.CharField(max_length=254, verbose_name='address or number')),
                ('is_shared', models.BooleanField(default=False, verbose_name='shared by several people')),
                ('verified_on', models.DateField(blank=True, null=True)),
                ('valid_from', models.DateField()),
                ('valid_until', models.DateField(blank=True, null=True)),
                ('ended_because', models.CharField(blank=True, max_length=20)),
            ],
            options={
                'verbose_name': 'contact point',
                'indexes': [models.Index(fields=['kind', 'value'], name='contact_point_by_value')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['EMAIL', 'PHONE'])), name='contact_point_kind_known'), models.CheckConstraint(condition=models.Q(('valid_until__isnull', True), ('valid_until__gte', models.F('valid_from')), _connector='OR'), name='contact_point_days_ordered')],
            },
        ),
        migrations.CreateModel(
            name='Family',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('home_language', models.CharField(blank=True, max_length=10, verbose_name='language spoken at home')),
            ],
            options={
                'verbose_name': 'family',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Guardian',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first_name', models.CharField(max_length=80, verbose_name='first name')),
                ('last_name', models.CharField(blank=True, max_length=80, verbose_name='last name')),
                ('contact_language', models.CharField(default='nl', max_length=10, verbose_name='language for contact')),
                ('language_confirmed_on', models.DateField(blank=True, null=True, verbose_name='language confirmed on')),
                ('reading_mode', models.CharField(choices=[('TEXT', 'reads texts'), ('EASY_TEXT', 'reads easy texts with pictures'), ('ORAL_ONLY', 'does not read: speak or call')], default='TEXT', max_length=10)),
                ('preferred_channel', models.CharField(blank=True, choices=[('EMAIL', 'e-mail'), ('SMS', 'text message'), ('LETTER', 'letter'), ('CALL', 'call')], max_length=6)),
                ('may_be_contacted', models.BooleanField(default=True)),
                ('source_system', models.CharField(blank=True, max_length=40)),
                ('source_id', models.CharField(blank=True, max_length=255)),
            ],
            options={
                'verbose_name': 'guardian',
                'ordering': ['last_name', 'first_name', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('reading_mode__in', ['TEXT', 'EASY_TEXT', 'ORAL_ONLY'])), name='guardian_reading_mode_known'), models.CheckConstraint(condition=models.Q(('preferred_channel__in', ['', 'EMAIL', 'SMS', 'LETTER', 'CALL'])), name='guardian_channel_known'), models.UniqueConstraint(condition=models.Q(('source_id', ''), _negated=True), fields=('source_system', 'source_id'), name='guardian_source_once')],
            },
        ),
        migrations.CreateModel(
            name='Household',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('street', models.CharField(max_length=120, verbose_name='street and number')),
                ('postcode', models.CharField(max_length=10, verbose_name='postcode')),
                ('city', models.CharField(max_length=60, verbose_name='town')),
            ],
            options={
                'verbose_name': 'household',
            },
        ),
        migrations.CreateModel(
            name='ConferenceRound',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('held_on', models.DateField(verbose_name='day')),
                ('catch_up_until', models.DateField(verbose_name='catch-up talks until')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.school')),
            ],
            options={
                'ordering': ['-held_on'],
            },
        ),
        migrations.CreateModel(
            name='ContactMoment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('client_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('kind', models.CharField(choices=[('GATE_TALK', 'talk at the school gate'), ('PHONE', 'phone call'), ('HOME_VISIT', 'home visit'), ('CONFERENCE', 'parent–teacher meeting'), ('INTAKE', 'welcome talk'), ('VIDEO', 'video call'), ('MESSAGE', 'written conversation'), ('INFO_EVENING', 'information evening'), ('COFFEE_MOMENT', 'coffee moment'), ('WORKSHOP', 'open class or workshop'), ('READING', 'reading moment or library'), ('PARTICIPATION', 'participation'), ('MDO', 'multidisciplinary meeting'), ('ORIENTATION', 'orientation talk'), ('CLB_TALK', 'talk with the CLB'), ('REFERRAL', 'accompanied referral'), ('CRISIS', 'crisis or conflict')], max_length=20, verbose_name='kind')),
                ('status', models.CharField(choices=[('PLANNED', 'planned'), ('HELD', 'held'), ('NO_SHOW', 'family did not come'), ('NOT_REACHED', 'not reached'), ('CANCELLED_FAMILY', 'cancelled by the family'), ('CANCELLED_SCHOOL', 'cancelled by the school'), ('RESCHEDULED', 'moved to another day')], default='HELD', max_length=20)),
                ('outcome', models.CharField(blank=True, choices=[('REACHED_AGREED', 'spoken with, agreement made'), ('REACHED_FOLLOW_UP', 'spoken with, follow-up needed'), ('NOT_REACHED', 'no answer or not at home'), ('DECLINED', 'the parent does not want this'), ('RESCHEDULED', 'moved to another day'), ('REFERRED', 'referred')], max_length=20, verbose_name='outcome')),
                ('held_on', models.DateField(verbose_name='day')),
                ('held_month', models.DateField(editable=False)),
                ('starts_at', models.TimeField(blank=True, null=True, verbose_name='hour')),
                ('duration_min', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='duration, in minutes')),
                ('initiative', models.CharField(choices=[('FAMILY', 'family'), ('TEACHER', 'teacher'), ('SCHOOL', 'school'), ('PROJECT_WORKER', 'project worker'), ('CLB', 'CLB'), ('PARTNER', 'partner')], max_length=20, verbose_name='who took the initiative')),
                ('purpose', models.CharField(blank=True, choices=[('WELCOME', 'welcome'), ('PRAISE', 'good news'), ('INFORMATION', 'information'), ('INVITATION', 'invitation'), ('PROGRESS', 'progress at school'), ('QUESTION', 'question'), ('CONCERN', 'concern'), ('CARE', 'care and support'), ('ORIENTATION', 'school choice'), ('PRACTICAL', 'practical matters'), ('AGREEMENT', 'agreement')], max_length=20, verbose_name='what it was about')),
                ('tone', models.CharField(choices=[('POSITIVE', 'positive'), ('NEUTRAL', 'neutral'), ('CONCERN', 'concern')], default='NEUTRAL', max_length=10, verbose_name='tone')),
                ('language_used', models.CharField(blank=True, max_length=10, verbose_name='language spoken')),
                ('interpreter_need', models.CharField(choices=[('NO', 'not needed'), ('YES', 'needed'), ('UNKNOWN', 'not known')], default='NO', max_length=10, verbose_name='interpreter')),
                ('interpreter_mode', models.CharField(blank=True, choices=[('ON_SITE', 'interpreter on site'), ('PHONE', 'interpreter by phone'), ('VIDEO', 'interpreter by video'), ('MEDIATOR', 'intercultural mediator'), ('ADULT_ACQUAINTANCE', 'adult acquaintance'), ('CHILD', 'a child'), ('NONE', 'nobody')], max_length=20, verbose_name='who interpreted')),
                ('note', models.CharField(blank=True, max_length=500, verbose_name='factual line')),
                ('visibility', models.CharField(choices=[('PARENT', 'parents and school team'), ('SCHOOL_TEAM', 'school team'), ('SCHOOL_CARE', 'care team of the school'), ('CLB', 'CLB only'), ('AUTHOR', 'only me')], default='SCHOOL_TEAM', max_length=12)),
                ('agreement', models.CharField(blank=True, max_length=300, verbose_name='agreement')),
                ('recorded_at', models.DateTimeField()),
                ('seconds_to_log', models.PositiveIntegerField(editable=False, null=True)),
                ('withdrawn_at', models.DateTimeField(editable=False, null=True)),
                ('withdrawn_because', models.CharField(blank=True, editable=False, max_length=200)),
                ('is_reach', models.BooleanField(default=False, editable=False)),
                ('is_two_way', models.BooleanField(default=False, editable=False)),
                ('language_group', models.CharField(default='unknown', editable=False, max_length=8)),
                ('centre', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.clbcentre')),
                ('method', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='schools.method')),
                ('pupils', models.ManyToManyField(related_name='+', to='schools.pupil')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.school')),
                ('family', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contact_moments', to='parents.family')),
                ('guardians', models.ManyToManyField(blank=True, related_name='+', to='parents.guardian')),
            ],
            options={
                'verbose_name': 'contact moment',
                'ordering': ['-held_on', '-pk'],
                'indexes': [models.Index(condition=models.Q(('is_reach', True)), fields=['school', 'held_month', 'language_group', 'family'], name='moment_reach'), models.Index(fields=['school', '-held_on'], name='moment_of_school'), models.Index(fields=['family', '-held_on'], name='moment_of_family')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['GATE_TALK', 'PHONE', 'HOME_VISIT', 'CONFERENCE', 'INTAKE', 'VIDEO', 'MESSAGE', 'INFO_EVENING', 'COFFEE_MOMENT', 'WORKSHOP', 'READING', 'PARTICIPATION', 'MDO', 'ORIENTATION', 'CLB_TALK', 'REFERRAL', 'CRISIS'])), name='moment_kind_known'), models.CheckConstraint(condition=models.Q(('status__in', ['PLANNED', 'HELD', 'NO_SHOW', 'NOT_REACHED', 'CANCELLED_FAMILY', 'CANCELLED_SCHOOL', 'RESCHEDULED'])), name='moment_status_known'), models.CheckConstraint(condition=models.Q(('visibility__in', ['PARENT', 'SCHOOL_TEAM', 'SCHOOL_CARE', 'CLB', 'AUTHOR'])), name='moment_visibility_known'), models.CheckConstraint(condition=models.Q(('initiative__in', ['FAMILY', 'TEACHER', 'SCHOOL', 'PROJECT_WORKER', 'CLB', 'PARTNER'])), name='moment_initiative_known'), models.CheckConstraint(condition=models.Q(models.Q(('visibility', 'CLB'), _negated=True), ('centre__isnull', False), _connector='OR'), name='moment_clb_line_has_centre'), models.CheckConstraint(condition=models.Q(('is_reach', False), ('status', 'HELD'), _connector='OR'), name='moment_reach_was_held')],
            },
        ),
        migrations.CreateModel(
            name='CLBNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('key_number', models.PositiveSmallIntegerField(default=1)),
                ('sealed', models.BinaryField()),
                ('written_at', models.DateTimeField()),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('centre', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.clbcentre')),
                ('contact_moment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='clb_notes', to='parents.contactmoment')),
            ],
            options={
                'verbose_name': 'CLB note',
                'ordering': ['-written_at'],
            },
        ),
        migrations.CreateModel(
            name='Gathering',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20, verbose_name='kind')),
                ('title', models.CharField(max_length=120, verbose_name='title')),
                ('place', models.CharField(max_length=120, verbose_name='place')),
                ('starts_at', models.DateTimeField()),
                ('counted_only', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='people counted without names')),
                ('method', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='schools.method')),
                ('partner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.partner')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.school')),
            ],
            options={
                'ordering': ['-starts_at'],
            },
        ),
        migrations.CreateModel(
            name='ContactPointUse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rank', models.PositiveSmallIntegerField(default=0)),
                ('contact_point', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='uses', to='parents.contactpoint')),
                ('guardian', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='point_uses', to='parents.guardian')),
            ],
            options={
                'ordering': ['rank', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('contact_point', 'guardian'), name='contact_point_use_once')],
            },
        ),
        migrations.AddField(
            model_name='contactpoint',
            name='guardians',
            field=models.ManyToManyField(related_name='contact_points', through='parents.ContactPointUse', to='parents.guardian'),
        ),
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.CharField(choices=[('PHOTO', 'photos'), ('HOME_VISIT', 'home visit'), ('CLB_TO_SCHOOL', 'sharing from the CLB to the school'), ('STORY', 'a story in the report')], max_length=20)),
                ('given_on', models.DateField()),
                ('given_how', models.CharField(max_length=60)),
                ('withdrawn_on', models.DateField(blank=True, null=True)),
                ('guardian', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='consents', to='parents.guardian')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('withdrawn_on__isnull', True), ('withdrawn_on__gte', models.F('given_on')), _connector='OR'), name='consent_days_ordered'), models.UniqueConstraint(condition=models.Q(('withdrawn_on__isnull', True)), fields=('guardian', 'purpose'), name='consent_running_once')],
            },
        ),
        migrations.CreateModel(
            name='ConferenceSlot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_at', models.DateTimeField(blank=True, null=True)),
                ('status', models.CharField(choices=[('OFFERED', 'offered'), ('BOOKED', 'booked'), ('HELD', 'held'), ('CAUGHT_UP', 'held later'), ('NO_SHOW', 'family did not come'), ('CANCELLED', 'cancelled')], default='OFFERED', max_length=10)),
                ('pupil', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='conference_slots', to='schools.pupil')),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='slots', to='parents.conferenceround')),
                ('school_class', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.schoolclass')),
                ('contact_moment', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='parents.contactmoment')),
                ('family', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parents.family')),
                ('guardian', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='parents.guardian')),
            ],
            options={
                'ordering': ['starts_at', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('round', 'pupil', 'guardian'), name='slot_of_guardian_once'), models.UniqueConstraint(condition=models.Q(('guardian__isnull', True)), fields=('round', 'pupil'), name='slot_of_pupil_once'), models.UniqueConstraint(condition=models.Q(('starts_at__isnull', False), models.Q(('status', 'CANCELLED'), _negated=True)), fields=('round', 'school_class', 'starts_at'), name='slot_hour_once'), models.CheckConstraint(condition=models.Q(('status__in', ['OFFERED', 'BOOKED', 'HELD', 'CAUGHT_UP', 'NO_SHOW', 'CANCELLED'])), name='slot_status_known')],
            },
        ),
        migrations.CreateModel(
            name='Guardianship',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_on', models.DateField(verbose_name='from')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='until and including')),
                ('relation', models.CharField(blank=True, max_length=40, verbose_name='relation')),
                ('authority', models.CharField(choices=[('JOINT', 'joint authority'), ('SOLE', 'sole authority'), ('INFORMATION_ONLY', 'right to information only'), ('NONE', 'no authority')], default='JOINT', max_length=20, verbose_name='authority')),
                ('information_right', models.BooleanField(default=True, verbose_name='right to information')),
                ('may_receive', models.BooleanField(default=True, verbose_name='receives notices')),
                ('may_decide', models.BooleanField(default=True, verbose_name='decides')),
                ('basis_seen_on', models.DateField(blank=True, null=True)),
                ('basis_seen_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('guardian', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='guardianships', to='parents.guardian')),
                ('pupil', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='guardianships', to='schools.pupil')),
            ],
            options={
                'verbose_name': 'guardianship',
                'indexes': [models.Index(fields=['pupil', 'starts_on'], name='guardianship_of_pupil')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='guardianship_days_ordered'), models.CheckConstraint(condition=models.Q(('authority__in', ['JOINT', 'SOLE', 'INFORMATION_ONLY', 'NONE'])), name='guardianship_authority_known'), models.CheckConstraint(condition=models.Q(models.Q(('authority', 'NONE'), _negated=True), ('may_decide', False), _connector='OR'), name='guardianship_none_decides_nothing')],
            },
        ),
        migrations.AddField(
            model_name='guardian',
            name='household',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='guardians', to='parents.household'),
        ),
        migrations.CreateModel(
            name='InterpreterRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(max_length=10)),
                ('needed_at', models.DateTimeField(blank=True, null=True)),
                ('mode', models.CharField(choices=[('ON_SITE', 'interpreter on site'), ('PHONE', 'interpreter by phone'), ('VIDEO', 'interpreter by video'), ('MEDIATOR', 'intercultural mediator'), ('ADULT_ACQUAINTANCE', 'adult acquaintance'), ('CHILD', 'a child'), ('NONE', 'nobody')], max_length=20)),
                ('state', models.CharField(choices=[('ASKED', 'asked'), ('BOOKED', 'booked'), ('CAME', 'came'), ('DID_NOT_COME', 'did not come'), ('CANCELLED', 'cancelled')], default='ASKED', max_length=12)),
                ('asked_at', models.DateTimeField()),
                ('family', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parents.family')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.school')),
                ('slot', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='parents.conferenceslot')),
            ],
            options={
                'ordering': ['needed_at'],
            },
        ),
        migrations.CreateModel(
            name='SignInCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64)),
                ('created_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('used_at', models.DateTimeField(null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('contact_point', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='parents.contactpoint')),
            ],
            options={
                'indexes': [models.Index(fields=['contact_point', '-created_at'], name='sign_in_code_of_point')],
            },
        ),
        migrations.CreateModel(
            name='FamilyMembership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_on', models.DateField(verbose_name='from')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='until and including')),
                ('family', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='parents.family')),
                ('pupil', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='family_memberships', to='schools.pupil')),
            ],
            options={
                'indexes': [models.Index(fields=['pupil', 'starts_on'], name='family_of_pupil')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='family_membership_days_ordered')],
            },
        ),
        migrations.CreateModel(
            name='Attendance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('contact_moment', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='parents.contactmoment')),
                ('family', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parents.family')),
                ('gathering', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attendances', to='parents.gathering')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('gathering', 'family'), name='attendance_once')],
            },
        ),
        migrations.CreateModel(
            name='FollowUp',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('PROMISE', 'agreement to keep'), ('CALL', 'call this family'), ('NOT_UNDERSTOOD', 'explain a notice'), ('CONTACT_DATA', 'ask for a new number or address'), ('INTERPRETER', 'book an interpreter')], default='PROMISE', max_length=20)),
                ('what', models.CharField(max_length=250, verbose_name='what will be done')),
                ('due_on', models.DateField(verbose_name='by when')),
                ('status', models.CharField(choices=[('OPEN', 'open'), ('DONE', 'done'), ('DROPPED', 'dropped')], default='OPEN', max_length=8)),
                ('done_on', models.DateField(blank=True, null=True)),
                ('closed_because', models.CharField(blank=True, max_length=200)),
                ('created_at', models.DateTimeField()),
                ('contact_moment', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='follow_ups', to='parents.contactmoment')),
                ('family', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='follow_ups', to='parents.family')),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('pupil', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.pupil')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schools.school')),
                ('guardian', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='parents.guardian')),
            ],
            options={
                'verbose_name': 'follow-up',
                'ordering': ['due_on', 'pk'],
                'indexes': [models.Index(models.F('school'), models.F('due_on'), condition=models.Q(('status', 'OPEN')), name='follow_up_open'), models.Index(fields=['owner', 'due_on'], name='follow_up_of_owner')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['PROMISE', 'CALL', 'NOT_UNDERSTOOD', 'CONTACT_DATA', 'INTERPRETER'])), name='follow_up_kind_known'), models.CheckConstraint(condition=models.Q(('status__in', ['OPEN', 'DONE', 'DROPPED'])), name='follow_up_status_known'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'DONE'), _negated=True), ('done_on__isnull', False), _connector='OR'), name='follow_up_done_has_day')],
            },
        ),
    ]
