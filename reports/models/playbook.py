from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from schools.models import Role
from schools.scope import scope_of

#: Roles of those who take over another draaiboek into this portal.
INSTALLERS = frozenset({Role.ADMIN, Role.JOINT_CLB})


def may_install(user: object) -> bool:
    """The joint worker and who administers the portal; who administers one school changes nobody else's cards."""
    scope = scope_of(user)
    return Role.JOINT_CLB in scope.roles or scope.is_administrator


class MethodAdoption(models.Model):
    """A school takes over a method of the draaiboek (I30): what holds now; ``AdoptionChange`` says what was before."""

    class Status(models.TextChoices):
        PLANNED = "PLANNED", _("planned")
        TRYING = "TRYING", _("tried out")
        IN_USE = "IN_USE", _("in use")
        EMBEDDED = "EMBEDDED", _("embedded")
        STOPPED = "STOPPED", _("stopped")

    method = models.ForeignKey("schools.Method", models.PROTECT, related_name="+")
    school = models.ForeignKey("schools.School", models.PROTECT, related_name="+")
    status = models.CharField(max_length=8, choices=Status.choices)
    since = models.DateField()
    is_origin = models.BooleanField(default=False)
    why = models.CharField(max_length=250, blank=True)

    class Meta:
        ordering = ["method", "school"]
        constraints = [
            models.UniqueConstraint(fields=["method", "school"], name="adoption_once"),
            models.CheckConstraint(
                condition=Q(status__in=["PLANNED", "TRYING", "IN_USE", "EMBEDDED", "STOPPED"]),
                name="adoption_status_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.method} · {self.school}"


class PlaybookEdition(models.Model):
    """An edition of the draaiboek: its content and package (``reports.packaging``), frozen together with its pages,
    what is printed of it and the files of its cards. Insert-only."""

    number = models.PositiveSmallIntegerField(unique=True)
    frozen_at = models.DateTimeField()
    content = models.JSONField()
    package = models.BinaryField()
    checksum = models.CharField(max_length=64)
    package_checksum = models.CharField(max_length=64)
    licence = models.CharField(max_length=40, default="CC-BY-4.0")
    #: Groups of schools that its before and after is of (``reports.beforeafter``); never published.
    told = models.JSONField(default=list)

    class Meta:
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"Edition {self.number}"


class PlaybookPackageQuerySet(models.QuerySet["PlaybookPackage"]):
    def visible_to(self, user: object) -> PlaybookPackageQuerySet:
        """All of them for those who install; what is in them is everybody's."""
        return self if may_install(user) else self.none()


class PlaybookPackage(models.Model):
    """A package of somebody else's draaiboek: looked at, then installed or left. The same file is the same row.

    ``added`` and ``replaced`` count what was installed from it, however often. ``kept`` is what stayed ours beside it:
    the code of each entry, and a checksum of what the package says.
    """

    edition = models.PositiveSmallIntegerField(_("edition"))
    content = models.BinaryField()
    checksum = models.CharField(max_length=64, unique=True)
    brought_at = models.DateTimeField(_("brought in at"))
    brought_by = models.ForeignKey("schools.User", models.PROTECT, related_name="+", verbose_name=_("brought in by"))
    installed_at = models.DateTimeField(_("installed at"), null=True)
    installed_by = models.ForeignKey(
        "schools.User", models.PROTECT, null=True, related_name="+", verbose_name=_("installed by")
    )
    added = models.PositiveSmallIntegerField(default=0)
    replaced = models.PositiveSmallIntegerField(default=0)
    kept = models.JSONField(default=dict)

    objects = PlaybookPackageQuerySet.as_manager()

    class Meta:
        verbose_name = _("package of a draaiboek")
        ordering = ["-brought_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.edition} · {self.checksum[:12]}"


class EditionPage(models.Model):
    """An edition in one language as the website shows it: what was frozen, and its page. Insert-only."""

    edition = models.ForeignKey("reports.PlaybookEdition", models.PROTECT, related_name="pages")
    language = models.CharField(max_length=2)
    content = models.JSONField()
    html = models.TextField()
    checksum = models.CharField(max_length=64)

    class Meta:
        ordering = ["edition", "language"]
        constraints = [models.UniqueConstraint(fields=["edition", "language"], name="edition_page_once")]

    def __str__(self) -> str:
        return f"{self.edition} {self.language}"


class EditionPrint(models.Model):
    """An edition in one language as it is printed or adapted: the booklet (A4), the cards (A5), a text for Word.
    Insert-only."""

    class Form(models.TextChoices):
        BOOKLET = "BOOKLET", _("The booklet to print (PDF)")
        CARDS = "CARDS", _("The cards to hand out (PDF, A5)")
        WORD = "WORD", _("To adapt in Word (DOCX)")

    edition = models.ForeignKey("reports.PlaybookEdition", models.PROTECT, related_name="prints")
    language = models.CharField(max_length=2)
    form = models.CharField(max_length=7, choices=Form.choices)
    content = models.BinaryField()
    checksum = models.CharField(max_length=64)

    class Meta:
        ordering = ["edition", "language", "form"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "language", "form"], name="edition_print_once"),
            models.CheckConstraint(condition=Q(form__in=["BOOKLET", "CARDS", "WORD"]), name="edition_print_known"),
        ]

    def __str__(self) -> str:
        return f"{self.edition} {self.language} {self.form}"


class NamingConsent(models.Model):
    """A colleague agrees to be named in the draaiboek. Withdrawn the row goes; what was frozen before stays."""

    user = models.OneToOneField("schools.User", models.CASCADE, related_name="+")
    given_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"naming consent {self.pk}"
