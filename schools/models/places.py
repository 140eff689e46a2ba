from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from schools.scope import Scope, scope_of

if TYPE_CHECKING:
    from schools.models.projects import Participation


class Network(models.TextChoices):
    """The organising networks; the Dutch strings are those of the official register (domain 5.4)."""

    GO = "GO", "Gemeenschapsonderwijs"
    OGO = "OGO", "Officieel gesubsidieerd onderwijs"
    VGO = "VGO", "Vrij gesubsidieerd onderwijs"


class CLBCentre(models.Model):
    """A centre for pupil guidance. ``key_name`` names the key file with which its notes are sealed."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    network = models.CharField(_("network"), max_length=3, choices=Network.choices)
    key_name = models.SlugField(unique=True)
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)

    class Meta:
        verbose_name = "CLB"
        ordering = ["name"]
        constraints = [models.CheckConstraint(condition=Q(network__in=Network.values), name="centre_network_known")]

    def __str__(self) -> str:
        return self.name


class Partner(models.Model):
    """An organisation that works along: a library, an integration service, a reception centre."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    kind = models.CharField(_("kind"), max_length=60, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


#: What stands behind ``school_id__in``.
SchoolIds: TypeAlias = "frozenset[int] | models.QuerySet[School, Any]"


class SchoolQuerySet(models.QuerySet["School"]):
    def visible_to(self, user: object) -> SchoolQuerySet:
        """Schools whose people and rows the user may see through a running assignment."""
        return self.filter(pk__in=self.ids_visible(scope_of(user)))

    @staticmethod
    def ids_visible(scope: Scope) -> SchoolIds:
        """Ids of the schools that a scope opens as a whole, for ``__in``."""
        return _with_accompanied(scope, scope.schools)

    @staticmethod
    def ids_of_talks(scope: Scope) -> SchoolIds:
        """Ids of the schools whose talks a scope opens as a whole: an office keeps addresses and reads no talks."""
        return _with_accompanied(scope, scope.care_schools)

    @staticmethod
    def ids_beyond_school(scope: Scope) -> SchoolIds:
        """Ids of the schools that a CLB centre or the joint worker accompanies."""
        return _with_accompanied(scope, frozenset())

    @staticmethod
    def ids_of_any_place(scope: Scope) -> SchoolIds:
        """Ids of all schools in which the user has something to do, own classes included."""
        return _with_accompanied(scope, scope.schools | scope.class_schools)

    def in_figures_of(self, user: object) -> SchoolQuerySet:
        """Schools whose protected figures the user may read: those visible, and all that take part in a project of
        the user, comparison schools included."""
        scope = scope_of(user)
        return self.filter(
            Q(pk__in=self.ids_visible(scope))
            | Q(pk__in=_taking_part(scope.coordinated_projects | scope.joint_projects).values("school_id"))
        )


def _with_accompanied(scope: Scope, own: frozenset[int]) -> SchoolIds:
    """Known ids stay ids: a teacher's pages need no subquery, nor the time to build one."""
    if not scope.centres and not scope.joint_projects:
        return own
    return School.objects.filter(Q(pk__in=own) | accompanied_by(scope)).values("pk")


def accompanied_by(scope: Scope) -> Q:
    """Schools of the user's CLB centre, and pilot schools of the joint worker's project while they take part."""
    pilots = _taking_part(scope.joint_projects).exclude(role="COMPARISON")
    return Q(clb_id__in=scope.centres) | Q(pk__in=pilots.values("school_id"))


def _taking_part(projects: frozenset[int]) -> models.QuerySet[Participation]:
    from schools.models.projects import Participation

    return Participation.objects.current().filter(project_id__in=projects)


class School(models.Model):
    name = models.CharField(_("name"), max_length=120)
    institution_number = models.CharField(_("institution number"), max_length=10, unique=True)
    network = models.CharField(_("network"), max_length=3, choices=Network.choices)
    clb = models.ForeignKey("schools.CLBCentre", models.PROTECT, related_name="schools")
    street = models.CharField(_("street and number"), max_length=120)
    postcode = models.CharField(_("postcode"), max_length=10)
    city = models.CharField(_("town"), max_length=60)
    phone = models.CharField(_("phone"), max_length=20)
    email = models.EmailField(_("e-mail address"))

    objects = SchoolQuerySet.as_manager()

    class Meta:
        verbose_name = _("school")
        ordering = ["name"]
        constraints = [models.CheckConstraint(condition=Q(network__in=Network.values), name="school_network_known")]

    def __str__(self) -> str:
        return self.name
