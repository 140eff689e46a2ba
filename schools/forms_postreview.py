"""One line of the page on which is decided who goes on next school year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from schools.arriving import row_number
from schools.dayinput import day_input
from schools.models import Assignment, CentreShare, PostDecision, Project, Role, SchoolClass, SchoolYear
from schools.postreview import first_day, until_when
from schools.services.postreview import Decision

Kind = PostDecision.Kind
#: Classes to choose from; an administrator of a city narrows by role.
MOST_CLASSES = 200
_IN_PROJECT = (Role.JOINT_CLB, Role.COORDINATOR)


@dataclass(frozen=True, slots=True)
class NextYear:
    """What there is to choose from: classes by school and projects, read once for all lines of a page;
    ``has_many_places`` when those lines are of more than one."""

    year: SchoolYear
    has_many_places: bool = False
    classes: dict[int, dict[int, SchoolClass]] = field(default_factory=lambda: defaultdict(dict))
    projects: dict[int, Project] = field(default_factory=dict)


def next_year(year: SchoolYear, posts: Iterable[Assignment]) -> NextYear:
    """Two queries, whatever the number of posts."""
    listed = list(posts)
    places = {(post.school_id, post.clb_centre_id, post.project_id, post.partner_id) for post in listed}
    found = NextYear(year, len(places) > 1)
    schools = {post.school_id or 0 for post in listed}
    rows = SchoolClass.objects.filter(school_id__in=schools, year=year).order_by("level", "name")
    for row in rows:
        found.classes[row.school_id][row.pk] = row
    projects = Project.objects.overlapping(year.starts_on, year.last_day).select_related("year").order_by("name", "pk")
    found.projects.update({row.pk: row for row in projects.prefetch_related("shares__centre")[:100]})
    return found


class PostFilterForm(forms.Form):
    """Posts of one role or one class, out of ``rows``. What makes no sense narrows nothing."""

    rol = forms.ChoiceField(label=_("Role"), required=False)
    klas = forms.ChoiceField(label=_("Class"), required=False)
    toon = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, rows: QuerySet[Assignment]) -> None:
        super().__init__(data)
        listed = rows.order_by()
        kinds = {*listed.values_list("role", flat=True).distinct()}
        roles = [(kind.value, capfirst(kind.label)) for kind in Role if kind.value in kinds]
        rooms = listed.filter(school_class__isnull=False).order_by("school__name", "school_class__name")
        named = rooms.values_list("school_class_id", "school_class__name", "school__name").distinct()
        found = list(named[:MOST_CLASSES])
        is_one_school = len({school for _pk, _name, school in found}) == 1
        classes = [(str(pk), name if is_one_school else f"{name}, {school}") for pk, name, school in found]
        for name, choices in (("rol", roles), ("klas", classes)):
            chooser: Any = self.fields[name]
            chooser.choices = [("", _("all")), *choices]
        self.is_of_use = len(roles) > 1 or len(classes) > 1

    def narrowed(self, rows: QuerySet[Assignment]) -> QuerySet[Assignment]:
        if role := self.kept.get("rol"):
            rows = rows.filter(role=role)
        if room := self.kept.get("klas"):
            rows = rows.filter(school_class=int(room))
        return rows

    @cached_property
    def kept(self) -> dict[str, str]:
        """What is chosen, for the address of the next page."""
        self.is_valid()
        return {name: value for name in ("rol", "klas") if (value := self.cleaned_data.get(name))}


class PostReviewForm(forms.Form):
    """Goes on, goes on otherwise, or ends; without a choice the post waits. A class and a project are those of the
    next year, so who teaches or works in a project always chooses one."""

    kind = forms.ChoiceField(
        label=_("Next school year"),
        choices=[("", _("not decided yet")), *Kind.choices],
        required=False,
    )
    school_class = forms.ChoiceField(label=_("Class next year"), required=False)
    project = forms.ChoiceField(label=_("Project"), required=False)
    share = forms.IntegerField(label=_("Part of full-time, in percent"), min_value=1, max_value=100, required=False)
    until = forms.DateField(label=_("Until and including"), widget=day_input(), required=False)

    def __init__(self, data: Any = None, *, post: Assignment, coming: NextYear) -> None:
        self.post, self.coming = post, coming
        classes = coming.classes.get(post.school_id or 0, {})
        same = next((pk for pk, row in classes.items() if post.school_class and row.name == post.school_class.name), "")
        project = post.project_id if post.project_id in coming.projects else next(iter(coming.projects), None)
        self.usual = {
            "share": post.share,
            "until": until_when(post, coming.year, coming.projects.get(project or 0)),
        }
        super().__init__(
            data, prefix=f"post{post.pk}", initial={"school_class": same, "project": project, **self.usual}
        )
        for name, rows, is_asked in (
            ("school_class", {pk: row.name for pk, row in classes.items()}, post.role == Role.TEACHER),
            ("project", {pk: str(row) for pk, row in coming.projects.items()}, post.role in _IN_PROJECT),
        ):
            chooser: Any = self.fields[name]
            chooser.choices = [("", "—"), *rows.items()]
            if not is_asked or not rows:
                del self.fields[name]
        for chooser in self.fields.values():
            chooser.has_answer = True

    @property
    def line(self) -> str:
        """Whose post it is and which, in one line."""
        room = self.post.school_class.name if self.post.school_class else ""
        place = self.post.place if self.coming.has_many_places else room
        what = " · ".join(filter(None, [capfirst(self.post.get_role_display()), place]))
        return format_html('<bdi>{}</bdi> <span class="muted small">{}</span>', self.post.user.full_name, what)

    @property
    def opens(self) -> bool:
        """Whether something was filled in here that was not kept yet."""
        return self.is_bound and (bool(self.errors) or self.has_changed())

    @property
    def shares(self) -> list[CentreShare]:
        """What each centre carries of the joint worker in the project that is proposed."""
        project = self.coming.projects.get(self.initial.get("project") or 0)
        return list(project.shares.all()) if project and self.post.role == Role.JOINT_CLB else []

    @property
    def lacks(self) -> str:
        """What has to be there first before this post can go on: "class", "project" or nothing."""
        if self.post.role == Role.TEACHER and "school_class" not in self.fields:
            return "class"
        return "project" if self.post.role in _IN_PROJECT and "project" not in self.fields else ""

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        kind = given.get("kind")
        if not kind and self.has_changed():
            self.add_error("kind", _("You filled something in here: choose what happens next year."))
        if self.errors or not kind or kind == Kind.ENDED:
            return given
        if self.lacks:
            self.add_error("kind", _("The class or the project of next year is not there yet: make it first."))
            return given
        for name, words in (
            ("school_class", _("Choose the class of this teacher.")),
            ("project", _("Choose the project.")),
        ):
            if name in self.fields and not given.get(name):
                self.add_error(name, words)
        share, until = given.get("share"), given.get("until")
        if until and not first_day(self.coming.year) <= until <= self.coming.year.last_day:
            self.add_error("until", _("Choose a day of the next school year, 31 August at the latest."))
        is_other = {"share": share or self.post.share, "until": until or self.usual["until"]} != self.usual
        if kind == Kind.KEPT and is_other and not self.errors:
            self.add_error("kind", _("You filled in something else: choose “goes on, changed”, or put it back."))
        return given

    def decision(self) -> Decision | None:
        """None while nobody decided."""
        given = self.cleaned_data
        if not given["kind"]:
            return None
        classes = self.coming.classes.get(self.post.school_id or 0, {})
        project = self.coming.projects.get(row_number(str(given.get("project") or "")) or 0)
        until = given.get("until") or until_when(self.post, self.coming.year, project)
        return Decision(
            post=self.post,
            kind=given["kind"],
            school_class=classes.get(row_number(str(given.get("school_class") or "")) or 0),
            project=project,
            share=given.get("share") or self.post.share,
            until=until,
        )
