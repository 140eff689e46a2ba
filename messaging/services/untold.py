"""What no message could tell a parent becomes a call of a person."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from messaging.models import Thread, ThreadPost
from parents.models import FollowUp, FollowUpKind
from parents.ownwords import CALL_UNTOLD, kept
from parents.services import open_follow_up
from schools import clock
from schools.models import Holiday
from schools.posts import owner_for


def ask_to_call(thread: Thread, post: ThreadPost | None) -> None:
    """Once for each such answer, whatever became of the call."""
    if post is None:
        return
    what = kept(CALL_UNTOLD, day=clock.local_date(post.written_at), name=thread.guardian.full_name)
    facts: dict[str, Any] = {"guardian": thread.guardian, "kind": FollowUpKind.CALL, "what": what}
    with transaction.atomic():
        Thread.objects.select_for_update(of=("self",), no_key=True).get(pk=thread.pk)
        if FollowUp.objects.filter(school=thread.school, family=thread.family, **facts).exists():
            return
        open_follow_up(
            by=None,
            family=thread.family,
            school=thread.school,
            due_on=Holiday.objects.calendar(thread.school).add_school_days(clock.today(), 1),
            owner_id=owner_for(post.by_user_id, thread.pupil_id, thread.school) if thread.pupil_id else post.by_user_id,
            pupil_id=thread.pupil_id,
            **facts,
        )
