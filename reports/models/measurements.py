"""What parents and teams say of the school, so kept that nobody can say who said what.

Who was asked and has answered (``MeasurementInvitee``) and what was answered (``MeasurementBox``) share the wave and
nothing else: no time, no order, no number. A box is one row into which answers are added up, so that there are no rows
whose place could be compared; it is opened when the wave is closed, and then who answered is forgotten.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from schools import clock
from schools.scope import scope_of

#: Fewer answers, of a whole wave or to one question, are shown to nobody: not outside the school, and not inside.
FLOOR = 5


class MeasurementWaveQuerySet(models.QuerySet["MeasurementWave"]):
    def visible_to(self, user: object) -> MeasurementWaveQuerySet:
        """Waves of the school in which one works, and of the pilot schools of the joint worker."""
        from schools.models.places import SchoolQuerySet

        scope = scope_of(user)
        own = scope.schools | scope.class_schools
        if not scope.joint_projects:
            return self.filter(school_id__in=own)
        return self.filter(Q(school_id__in=own) | Q(school_id__in=SchoolQuerySet.ids_visible(scope)))

    def editable_by(self, user: object) -> MeasurementWaveQuerySet:
        """Those of the head's school, and of the joint worker's pilot schools."""
        rows = scope_of(user).assignments
        heads = [row.school_id for row in rows if row.role == "HEAD" and row.school_id]
        projects = [row.project_id for row in rows if row.role == "JOINT_CLB" and row.project_id]
        return self.visible_to(user).filter(Q(school_id__in=heads) | Q(project_id__in=projects))

    def reviewed_by(self, user: object) -> MeasurementWaveQuerySet:
        """Those whose free answers the user reads before anybody else: the joint worker's alone."""
        return self.visible_to(user).filter(project_id__in=scope_of(user).joint_projects)

    def running(self) -> MeasurementWaveQuerySet:
        """Answers are taken in today."""
        today = clock.today()
        return self.filter(box__isnull=False, opens_on__lte=today, closes_on__gte=today)


class MeasurementWave(models.Model):
    """A measurement among parents or teams: baseline or end.

    ``counts`` = {question: [no, rather not, a little, rather yes, yes]}, filled when it is closed, never before, and
    never with fewer answers than ``FLOOR``; ``invited`` how many were asked. ``forms`` are the filled-in forms
    by the way they came: {"own": by people who were asked, "gate": on the tablet, "paper": typed in}. ``rounds_sent``
    counts how often it was asked: the invitation and each reminder. ``mailed_up_to`` is the number (``User.pk``) of the
    last colleague who got the mail of a round, while others still wait for theirs; ``taken_at`` is when a process took
    those mails on (``messaging.leases``).
    """

    class Kind(models.TextChoices):
        BASELINE = "BASELINE", _("baseline")
        END = "END", _("end measurement")

    class Audience(models.TextChoices):
        PARENTS = "PARENTS", _("parents")
        TEAM = "TEAM", _("school team")

    project = models.ForeignKey("schools.Project", models.PROTECT, related_name="+")
    school = models.ForeignKey("schools.School", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    audience = models.CharField(max_length=8, choices=Audience.choices)
    opens_on = models.DateField()
    closes_on = models.DateField()
    invited = models.PositiveIntegerField()
    counts = models.JSONField(default=dict)
    forms = models.JSONField(default=dict)
    #: The notice with which parents are asked.
    notice = models.OneToOneField("messaging.Notice", models.SET_NULL, null=True, related_name="+")
    rounds_sent = models.PositiveSmallIntegerField(default=0, db_default=0)
    last_round_on = models.DateField(null=True)
    mailed_up_to = models.PositiveBigIntegerField(null=True)
    taken_at = models.DateTimeField(null=True)

    objects = MeasurementWaveQuerySet.as_manager()

    class Meta:
        ordering = ["-opens_on", "school__name", "audience", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["project", "school", "kind", "audience"], name="wave_once"),
            models.CheckConstraint(condition=Q(kind__in=["BASELINE", "END"]), name="wave_kind_known"),
            models.CheckConstraint(condition=Q(audience__in=["PARENTS", "TEAM"]), name="wave_audience_known"),
            models.CheckConstraint(condition=Q(closes_on__gte=F("opens_on")), name="wave_closes_after_it_opens"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.school}"

    @property
    def is_for_team(self) -> bool:
        return self.audience == self.Audience.TEAM

    @property
    def has_results(self) -> bool:
        """Closed, with enough answers: also where no question has, because some wrote only."""
        return self.answered >= FLOOR

    @property
    def answered(self) -> int:
        """Forms of a closed wave, whatever way they came."""
        return sum(self.forms.values())


class MeasurementInvitee(models.Model):
    """Somebody who is asked, and whether an answer came; nothing of when or what.

    The rows are laid in a shuffled order when the wave opens, and each answer writes all of them again
    (``measuring.answering``): neither their place nor the transaction that wrote them tells who answered after whom.
    No uniqueness by person: two rows of one parent that are joined keep both, and answered is who answered in either.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    wave = models.ForeignKey(MeasurementWave, models.PROTECT, related_name="invitees")
    guardian = models.ForeignKey("parents.Guardian", models.CASCADE, null=True, related_name="+")
    user = models.ForeignKey("schools.User", models.CASCADE, null=True, related_name="+")
    has_answered = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(guardian__isnull=False, user__isnull=True) | Q(guardian__isnull=True, user__isnull=False),
                name="invitee_is_one_person",
            ),
        ]

    def __str__(self) -> str:
        return f"wave {self.wave_id}"


class MeasurementBox(models.Model):
    """The sealed box of a running wave: answers added up, free answers in an order that is drawn anew each time.

    It is there from the opening to the closing of the wave, and nobody is shown what is in it.
    """

    wave = models.OneToOneField(MeasurementWave, models.PROTECT, primary_key=True, related_name="box")
    counts = models.JSONField(default=dict)
    forms = models.JSONField(default=dict)
    texts = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"box of wave {self.wave_id}"

    @property
    def number(self) -> int:
        return sum(self.forms.values())


class FreeAnswer(models.Model):
    """What somebody wrote, taken out of the box in a shuffled order when the wave was closed.

    The joint worker reads ``original`` first and writes ``words``, in Dutch and without names: those are what others
    read, once released. ``original`` stays hers, and goes after the school year with who read it.
    """

    class State(models.TextChoices):
        WAITING = "WAITING", _("to be read")
        RELEASED = "RELEASED", _("released")
        WITHHELD = "WITHHELD", _("withheld")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    wave = models.ForeignKey(MeasurementWave, models.PROTECT, related_name="free_answers")
    original = models.TextField()
    words = models.TextField(blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    reviewed_by = models.ForeignKey("schools.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["WAITING", "RELEASED", "WITHHELD"]), name="free_answer_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state="WAITING", reviewed_by__isnull=True)
                | Q(state__in=["RELEASED", "WITHHELD"], reviewed_by__isnull=False)
                | Q(state="RELEASED", original=""),
                name="free_answer_has_reviewer",
            ),
            models.CheckConstraint(
                condition=~Q(state="RELEASED") | ~Q(words=""), name="free_answer_released_has_words"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} of wave {self.wave_id}"
