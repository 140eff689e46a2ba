from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from schools.models import CentreShare, Project, Reminder
from schools.scope import scope_of


class ReportKind(models.TextChoices):
    INTERIM = "INTERIM", _("interim report")
    FINAL = "FINAL", _("evaluation")
    APPLICATION = "APPLY", _("application for next year")


class ReportState(models.TextChoices):
    """DRAFT → REVIEW → SIGNED → SUBMITTED; any edit returns it to DRAFT and voids signatures (rulings 1)."""

    DRAFT = "DRAFT", _("draft")
    REVIEW = "REVIEW", _("in review")
    SIGNED = "SIGNED", _("signed")
    SUBMITTED = "SUBMITTED", _("submitted")


class EvaluationReportQuerySet(models.QuerySet["EvaluationReport"]):
    def visible_to(self, user: object) -> EvaluationReportQuerySet:
        """The project's people read it in every state; once it is signed, the city's coordinator does, and whoever
        worker or coordinator is in a later year of the same project: what was handed in is needed longer than a post
        lasts."""
        scope = scope_of(user)
        signed = Q(state__in=[ReportState.SIGNED, ReportState.SUBMITTED])
        by_post = Q(project_id__in=scope.coordinated_projects)
        earlier = Q(project_id__in=self._before(scope.joint_projects | scope.coordinated_projects))
        return self.filter(self._theirs(user) | signed & (by_post | earlier))

    def discussed_by(self, user: object) -> EvaluationReportQuerySet:
        """The project's people, who write and sign it, comment on its chapters; the city does not read that."""
        return self.filter(self._theirs(user))

    def _theirs(self, user: object) -> Q:
        """What the user writes, signs or comments on."""
        projects = Project.objects.visible_to(user).exclude(pk__in=scope_of(user).coordinated_projects)
        return Q(project_id__in=projects.values("pk")) | self._applying(user)

    def _applying(self, user: object) -> Q:
        """Applications of the years before those in which the user is the joint worker: they ask for her own year, and
        the post of whoever began them ends before that year begins."""
        return Q(kind=ReportKind.APPLICATION, project_id__in=self._before(scope_of(user).joint_projects))

    @staticmethod
    def _before(projects: frozenset[int]) -> models.QuerySet[Project, Any]:
        return Project.objects.years_before(Project.objects.filter(pk__in=projects)).values("pk")

    def deciding(self) -> EvaluationReportQuerySet:
        """Evaluations without a later version, which alone is to be handed in; interim reports have no day, nor has a
        correction of what was handed in."""
        later = EvaluationReport.objects.filter(
            project=OuterRef("project_id"), kind=OuterRef("kind"), version__gt=OuterRef("version")
        )
        handed_in = EvaluationReport.objects.filter(
            project=OuterRef("project_id"), kind=OuterRef("kind"), version__lt=OuterRef("version"),
            state=ReportState.SUBMITTED,
        )  # fmt: skip
        return self.filter(~Exists(later), ~Exists(handed_in), kind=ReportKind.FINAL)

    def written_by(self, user: object) -> EvaluationReportQuerySet:
        """Those of the joint worker's years, and the application for one of them."""
        return self.filter(Q(project_id__in=scope_of(user).joint_projects) | self._applying(user))

    def editable_by(self, user: object) -> EvaluationReportQuerySet:
        """The joint worker writes; nobody edits what was submitted or waits to be."""
        return self.written_by(user).filter(fixed_at=None).exclude(state=ReportState.SUBMITTED)

    def submittable_by(self, user: object) -> EvaluationReportQuerySet:
        """The joint worker hands in, or a director of a centre that carries the project: her post may end first."""
        scope = scope_of(user)
        directed = CentreShare.objects.filter(centre_id__in=scope.directed_centres).values("project_id")
        mine = Q(project_id__in=scope.joint_projects) | self._applying(user)
        return self.filter(mine | Q(project_id__in=directed))


class EvaluationReport(models.Model):
    """The evaluation of a project year. Figures in it stay bound to runs; frozen, it never changes."""

    project = models.ForeignKey("schools.Project", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=ReportKind.choices, default=ReportKind.FINAL)
    version = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=ReportState.choices, default=ReportState.DRAFT)
    title = models.CharField(_("title"), max_length=160)
    identification = models.JSONField(default=list)
    created_at = models.DateTimeField()
    edited_at = models.DateTimeField()
    edited_by = models.ForeignKey("schools.User", models.PROTECT, null=True, related_name="+")
    #: Of an application: the evaluation from which it was started, and what is asked for next year, as
    #: ``reports.evaluation.wishes.Wishes`` writes it.
    source = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    wishes = models.JSONField(default=dict)
    #: Since when nobody edits it any more and it only waits to be handed in (rulings 1): the end of the last school
    #: day, when both centres had signed.
    fixed_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True)
    submitted_by = models.ForeignKey("schools.User", models.PROTECT, null=True, related_name="+")

    objects = EvaluationReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("evaluation report")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["project", "kind", "version"], name="report_version_once"),
            models.CheckConstraint(condition=Q(state__in=ReportState.values), name="report_state_known"),
            models.CheckConstraint(condition=Q(kind__in=ReportKind.values), name="report_kind_known"),
            models.CheckConstraint(
                condition=Q(source__isnull=True) | Q(kind="APPLY"), name="report_source_of_application"
            ),
            models.CheckConstraint(
                condition=Q(fixed_at=None) | Q(state__in=["SIGNED", "SUBMITTED"]), name="report_fixed_when_signed"
            ),
            models.CheckConstraint(
                condition=Q(submitted_at=None) | Q(state="SUBMITTED"), name="report_submitted_at_when_submitted"
            ),
            models.CheckConstraint(
                condition=Q(submitted_by=None) | Q(submitted_at__isnull=False), name="report_submitted_by_at_a_moment"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ReportChapter(models.Model):
    """A chapter (domain 3.1). ``number`` is its place in this report, ``plan`` which chapter of the plan it is
    (``reports.chapters``): empty for one that a fund asks for beside those. ``edition`` guards against two people
    saving over each other."""

    report = models.ForeignKey("reports.EvaluationReport", models.CASCADE, related_name="chapters")
    number = models.PositiveSmallIntegerField()
    plan = models.PositiveSmallIntegerField(null=True)
    title = models.CharField(_("title"), max_length=160)
    text = models.TextField(_("text"), blank=True)
    edition = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["report", "number"], name="chapter_once")]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class ReportSummary(models.Model):
    """What the worker adds to the page for the fund in one language: a sentence for each of three parts at most."""

    class Language(models.TextChoices):
        NL = "nl", "Nederlands"
        FR = "fr", "Français"
        EN = "en", "English"

    LONGEST = 240

    report = models.ForeignKey("reports.EvaluationReport", models.CASCADE, related_name="summaries")
    language = models.CharField(max_length=2, choices=Language.choices)
    done = models.CharField(_("what was done"), max_length=LONGEST, blank=True)
    schools = models.CharField(_("what schools and parents say"), max_length=LONGEST, blank=True)
    next_year = models.CharField(_("next year"), max_length=LONGEST, blank=True)
    edition = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["language"]
        constraints = [
            models.UniqueConstraint(fields=["report", "language"], name="report_summary_once"),
            models.CheckConstraint(condition=Q(language__in=["nl", "fr", "en"]), name="report_summary_language_known"),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.language}"

    @property
    def sentences(self) -> tuple[str, str, str]:
        """What was written, part by part."""
        return self.done, self.schools, self.next_year


class ChapterBlock(models.Model):
    """A figure of a chapter: sentence, table or chart, bound to a run."""

    class Form(models.TextChoices):
        SENTENCE = "SENTENCE", _("sentence")
        TABLE = "TABLE", _("table")
        CHART = "CHART", _("chart")

    chapter = models.ForeignKey("reports.ReportChapter", models.CASCADE, related_name="blocks")
    position = models.PositiveSmallIntegerField()
    form = models.CharField(max_length=8, choices=Form.choices)
    run = models.ForeignKey("reports.FigureRun", models.PROTECT, related_name="+")
    caption = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["chapter", "position"], name="block_once")]

    def __str__(self) -> str:
        return f"{self.form} {self.run_id}"


class FrozenReport(models.Model):
    """What was frozen: the whole content with every figure, and the files rendered from it. Insert-only."""

    report = models.ForeignKey("reports.EvaluationReport", models.PROTECT, related_name="frozen")
    checksum = models.CharField(max_length=64, unique=True)
    content = models.JSONField()
    pdf = models.BinaryField()
    pdf_checksum = models.CharField(max_length=64)
    frozen_at = models.DateTimeField()
    frozen_by = models.ForeignKey("schools.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.checksum[:12]


class FrozenFile(models.Model):
    """Another file made from the same frozen content, byte for byte as it was handed out. Insert-only."""

    class Kind(models.TextChoices):
        XLSX = "XLSX", _("workbook")
        DOCX = "DOCX", _("Word document")
        SUMMARY_NL = "S_NL", _("summary in Dutch")
        SUMMARY_FR = "S_FR", _("summary in French")
        SUMMARY_EN = "S_EN", _("summary in English")

    frozen = models.ForeignKey("reports.FrozenReport", models.PROTECT, related_name="files")
    kind = models.CharField(max_length=4, choices=Kind.choices)
    content = models.BinaryField()
    checksum = models.CharField(max_length=64, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["frozen", "kind"], name="frozen_file_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["XLSX", "DOCX", "S_NL", "S_FR", "S_EN"]), name="frozen_file_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.checksum[:12]}"


class ReportSignature(models.Model):
    """A CLB centre's signature under one frozen content."""

    frozen = models.ForeignKey("reports.FrozenReport", models.PROTECT, related_name="signatures")
    centre = models.ForeignKey("schools.CLBCentre", models.PROTECT, related_name="+")
    signed_by = models.ForeignKey("schools.User", models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["frozen", "centre"], name="signature_once")]

    def __str__(self) -> str:
        return f"{self.centre} {self.frozen}"


class ReportReminder(Reminder):
    """That one person was reminded of the day on which an evaluation is due, so many school days before it; below
    nought, of one that is fixed and waits to be handed in."""

    report = models.ForeignKey("reports.EvaluationReport", models.CASCADE, related_name="+")
    days_before = models.SmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "person", "days_before"], name="report_reminder_once"),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.days_before}"
