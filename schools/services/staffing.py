"""Appointing colleagues, letting them in, and taking a lost second factor away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from schools import audit, clock, sessions
from schools.invitations import new_nonce
from schools.models import (
    Assignment,
    CLBCentre,
    FactorReset,
    Partner,
    Project,
    School,
    SchoolClass,
    StaffInvitation,
    User,
)

#: How long the link of an invitation opens the door.
INVITATION_DAYS = 14
#: Two colleagues do it while they both know of it.
RESET_HOURS = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """What somebody is appointed to."""

    role: str
    starts_on: date
    ends_on: date | None = None
    school: School | None = None
    school_class: SchoolClass | None = None
    centre: CLBCentre | None = None
    project: Project | None = None
    partner: Partner | None = None
    #: Part of full-time, in percent.
    share: int = 100


def appoint(*, email: str, name: str, language: str, post: Post, by: User) -> Assignment:
    """A post for a colleague, who is invited when there was no account or it has no password yet.

    Raises ValidationError when the colleague has this post in these days, or is who appoints.
    """
    address = email.strip().lower()
    with transaction.atomic():
        user, is_new = User.objects.get_or_create(
            email=address, defaults={"full_name": " ".join(name.split()), "language": language}
        )
        user = User.objects.select_for_update().get(pk=user.pk)
        if user.pk == by.pk:
            raise ValidationError(_("Somebody else decides about your own posts."))
        if is_new:
            user.set_unusable_password()
        user.is_active = True
        user.save(update_fields=["password", "is_active"])
        row = _assignment(user, post)
        _refuse_twice(row)
        row.save()
        audit.record(
            actor=by, verb="appointed a colleague", target=row, school_id=row.school_id, role=row.role, user=user.pk
        )
        if _needs_invitation(user):
            invite(user=user, by=by)
    return row


def _assignment(user: User, post: Post) -> Assignment:
    return Assignment(
        user=user,
        role=post.role,
        starts_on=post.starts_on,
        ends_on=post.ends_on,
        school=post.school,
        school_class=post.school_class,
        clb_centre=post.centre,
        project=post.project,
        partner=post.partner,
        share=post.share,
    )


def _refuse_twice(row: Assignment) -> None:
    same = Assignment.objects.filter(
        user=row.user,
        role=row.role,
        school=row.school,
        school_class=row.school_class,
        clb_centre=row.clb_centre,
        project=row.project,
        partner=row.partner,
    )
    if same.exclude(pk=row.pk).overlapping(row.starts_on, row.ends_on or date.max).exists():
        raise ValidationError(_("This colleague has this post in these days already."))


def _needs_invitation(user: User) -> bool:
    return not user.has_usable_password() and not Authenticator.objects.filter(user=user).exists()


def invite(*, user: User, by: User) -> StaffInvitation:
    """A new link, mailed within a minute (``schools.tasks``); the older one no longer opens anything."""
    now = clock.now()
    with transaction.atomic():
        User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
        _revoke_open(user)
        row = StaffInvitation.objects.create(
            user=user,
            nonce=new_nonce(),
            made_by=by,
            made_at=now,
            expires_at=now + timedelta(days=INVITATION_DAYS),
        )
        audit.record(actor=by, verb="invited a colleague", target=user)
    return row


def revoke_invitation(*, user: User, by: User) -> bool:
    """The link opens nothing any more; False when none was open."""
    with transaction.atomic():
        if not _revoke_open(user):
            return False
        audit.record(actor=by, verb="revoked an invitation", target=user)
    return True


def _revoke_open(user: User) -> int:
    rows = StaffInvitation.objects.filter(user=user, used_at=None, revoked_at=None)
    return rows.update(revoked_at=clock.now())


def accept_invitation(*, invitation: StaffInvitation, password: str) -> bool:
    """The colleague chose a password; False when the link was used or revoked in the meantime. The second factor is
    set up at the first sign-in."""
    now = clock.now()
    with transaction.atomic():
        # Before the row of the invitation, as who sends a new one does: each would wait for the other.
        user = User.objects.select_for_update(of=("self",), no_key=True).get(pk=invitation.user_id)
        if not StaffInvitation.objects.open().filter(pk=invitation.pk).update(used_at=now):
            return False
        user.set_password(password)
        user.save(update_fields=["password"])
        EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
        audit.record(actor=user, verb="accepted an invitation", target=user)
    return True


def end_post(*, post: Assignment, last_day: date | None, by: User) -> Assignment:
    """Until which day the post holds (None: until somebody ends it). A day before its first takes it back as a
    whole: nobody has it any more, on no day to come, and that it was given stays in the log. With the last post goes
    the link of an invitation: it may have been the address of somebody else. One that had ended and goes on after all
    opens its account again."""
    with transaction.atomic():
        # Who appoints the same colleague holds the account too: one of both sees what the other wrote.
        User.objects.select_for_update(of=("self",), no_key=True).get(pk=post.user_id)
        row = Assignment.objects.select_for_update(of=("self",)).get(pk=post.pk)
        was_over = row.ends_on is not None and row.ends_on < clock.today()
        if last_day and last_day < row.starts_on:
            row.starts_on = last_day = min(last_day, clock.today() - timedelta(days=1))
            row.ends_on = last_day
        else:
            row.ends_on = last_day
            _refuse_twice(row)
        row.save(update_fields=["starts_on", "ends_on"])
        if not Assignment.objects.current().filter(user=row.user_id).exists():
            sessions.end_all(row.user)
        if not _lasting_posts(row.user).exists():
            _revoke_open(row.user)
        if was_over and (row.ends_on is None or row.ends_on >= clock.today()):
            _let_in_again(row.user, by)
        audit.record(
            actor=by,
            verb="set the last day of a post",
            target=row,
            school_id=row.school_id,
            last_day=last_day.isoformat() if last_day else "",
        )
    return row


def _lasting_posts(user: User) -> QuerySet[Assignment]:
    """Posts that run, or are still to begin."""
    return Assignment.objects.filter(user=user).exclude(ends_on__lt=clock.today())


def _let_in_again(user: User, by: User) -> None:
    """The account of who left long ago is closed (``schools.retention``), and the link of who never came in opens
    nothing any more; whoever stays after all is invited anew."""
    if not user.is_active:
        user.is_active = True
        user.save(update_fields=["is_active"])
    elif StaffInvitation.objects.open().filter(user=user).exists():
        return
    if _needs_invitation(user):
        invite(user=user, by=by)


def ask_factor_reset(*, user: User, by: User) -> FactorReset:
    """The first of two. Raises ValidationError for oneself and when it was asked already."""
    if user.pk == by.pk:
        raise ValidationError(_("Ask two colleagues: nobody takes the own second factor away."))
    now = clock.now()
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        stale = FactorReset.objects.filter(user=user, confirmed_at=None, withdrawn_at=None, expires_at__lte=now)
        stale.update(withdrawn_at=now)
        if FactorReset.objects.open().filter(user=user).exists():
            raise ValidationError(_("This was asked already. A second colleague still has to confirm it."))
        row = FactorReset.objects.create(
            user=user, asked_by=by, asked_at=now, expires_at=now + timedelta(hours=RESET_HOURS)
        )
        audit.record(actor=by, verb="asked to take a second factor away", target=user)
    return row


def confirm_factor_reset(*, reset: FactorReset, by: User) -> None:
    """The second of two: factors and password go, every session ends, and a new invitation leaves.

    Raises ValidationError when both would be the same person, for oneself, and when it is no longer open.
    """
    if by.pk in (reset.asked_by_id, reset.user_id):
        raise ValidationError(_("Somebody else has to confirm this: it takes two."))
    with transaction.atomic():
        moved = FactorReset.objects.open().filter(pk=reset.pk).update(confirmed_by=by, confirmed_at=clock.now())
        if not moved:
            raise ValidationError(_("This no longer waits for anybody."))
        user = User.objects.select_for_update().get(pk=reset.user_id)
        Authenticator.objects.filter(user=user).delete()
        SocialAccount.objects.filter(user=user).delete()
        user.set_unusable_password()
        user.save(update_fields=["password"])
        sessions.end_all(user)
        audit.record(actor=by, verb="took a second factor away", target=user, asked_by=reset.asked_by_id)
        invite(user=user, by=by)


def withdraw_factor_reset(*, reset: FactorReset, by: User) -> bool:
    """Not needed any more, or not trusted; False when it was no longer open."""
    with transaction.atomic():
        if not FactorReset.objects.open().filter(pk=reset.pk).update(withdrawn_at=clock.now()):
            return False
        audit.record(actor=by, verb="withdrew a request about a second factor", target=reset.user)
    return True
