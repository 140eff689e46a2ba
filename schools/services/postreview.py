"""Who goes on next school year: decided post by post, all lines of a page or none, and taken back until it begins."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from schools import audit, clock, sessions
from schools.models import Assignment, PostDecision, Project, SchoolClass, SchoolYear, User
from schools.postreview import first_day, undecided

Kind = PostDecision.Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What becomes of one post. The rest is of a post that goes on."""

    post: Assignment
    kind: str
    school_class: SchoolClass | None = None
    project: Project | None = None
    share: int = 100
    until: date | None = None


def decide_posts(*, decisions: Iterable[Decision], year: SchoolYear, by: User) -> int:
    """Carry the decisions out; how many they were. Twice is once. Raises ValidationError when a colleague decided
    about one of them in the meantime: nothing is changed then."""
    wanted = list(decisions)
    with transaction.atomic():
        numbers = [one.post.pk for one in wanted]
        rows = Assignment.objects.select_for_update(of=("self",)).filter(pk__in=numbers).order_by("pk")
        locked = {row.pk: row for row in rows}
        still = set(undecided(Assignment.objects.filter(pk__in=locked), year).values_list("pk", flat=True))
        waiting = [one for one in wanted if one.post.pk in still]
        others = [one for one in wanted if one.post.pk not in still and not _is_decided_so(one, year, by)]
        gone = [one.post.user.full_name for one in others]
        if gone:
            words = _(
                "A colleague decided about these in the meantime: %(names)s. Nothing was changed; look once more."
            )
            raise ValidationError(words % {"names": ", ".join(gone)})
        for one in waiting:
            _decide(locked[one.post.pk], one, year, by)
    return len(wanted)


def _is_decided_so(one: Decision, year: SchoolYear, by: User) -> bool:
    """The first of two presses decided just this."""
    same = PostDecision.objects.filter(post=one.post, year=year, kind=one.kind, decided_by=by)
    if one.kind == Kind.ENDED:
        return same.exists()
    goes_on = same.filter(renewal__school_class=one.school_class, renewal__project=one.project)
    return goes_on.filter(renewal__share=one.share, renewal__ends_on=one.until).exists()


def _decide(post: Assignment, decision: Decision, year: SchoolYear, by: User) -> None:
    before, starts_on = post.ends_on, first_day(year)
    if before is None:
        post.ends_on = starts_on - timedelta(days=1)
        post.save(update_fields=["ends_on"])
    renewal = None if decision.kind == Kind.ENDED else _renewed(post, decision, starts_on)
    row = PostDecision.objects.create(
        post=post,
        year=year,
        kind=decision.kind,
        renewal=renewal,
        last_day=before,
        decided_by=by,
        decided_at=clock.now(),
    )
    if not Assignment.objects.current().filter(user=post.user_id).exists():
        sessions.end_all(post.user)
    audit.record(
        actor=by,
        verb="decided about a post of the next school year",
        target=post,
        school_id=post.school_id,
        kind=row.kind,
        user=post.user_id,
        until=renewal.ends_on.isoformat() if renewal and renewal.ends_on else "",
    )


def _renewed(post: Assignment, decision: Decision, starts_on: date) -> Assignment:
    return Assignment.objects.create(
        user_id=post.user_id,
        role=post.role,
        school_id=post.school_id,
        school_class=decision.school_class,
        clb_centre_id=post.clb_centre_id,
        project=decision.project,
        partner_id=post.partner_id,
        share=decision.share,
        works_on=post.works_on,
        languages=post.languages,
        starts_on=starts_on,
        ends_on=decision.until,
    )


def take_decision_back(*, decision: PostDecision, by: User) -> None:
    """The post waits for a decision again; what was said about its last day since then stays. Twice is once. Raises
    ValidationError once the renewed post has begun: what was read by it must stay explained."""
    with transaction.atomic():
        row = (
            PostDecision.objects.select_for_update(of=("self",))
            .select_related("post", "renewal", "year")
            .filter(pk=decision.pk)
            .first()
        )
        if row is None:
            return
        if row.year.starts_on <= clock.today():
            raise ValidationError(_("The school year has begun. Appoint this colleague anew, or end the post."))
        post, renewal = row.post, row.renewal
        row.delete()
        if renewal is not None:
            renewal.delete()
        held = Assignment.objects.filter(pk=post.pk, ends_on=first_day(row.year) - timedelta(days=1))
        held.update(ends_on=row.last_day)
        audit.record(
            actor=by, verb="took a decision about a post back", target=post, school_id=post.school_id, user=post.user_id
        )
