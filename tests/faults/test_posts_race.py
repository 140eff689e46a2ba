"""A post goes on after all while the same one is given anew, each with a connection of its own."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from schools import clock
from schools.models import Assignment
from schools.services.staffing import Post, appoint, end_post
from tests.cast import build_cast
from tests.faults.meanwhile import Somebody

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]


def test_nobody_has_one_post_twice() -> None:
    cast = build_cast()
    teacher, head, soon = cast.staff["teacher_3b"], cast.staff["head"], clock.today() + timedelta(days=5)
    post = teacher.assignments.get()
    end_post(post=post, last_day=soon, by=head)
    anew = Post(role=post.role, starts_on=soon + timedelta(days=1), school=post.school, school_class=post.school_class)
    with transaction.atomic():
        end_post(post=post, last_day=None, by=head)
        other = Somebody(lambda: appoint(email=teacher.email, name="An", language="nl", post=anew, by=head))
    assert [error.messages for error in other.ended() if isinstance(error, ValidationError)] == [
        ["Deze collega heeft deze opdracht al in deze dagen."]
    ]
    assert Assignment.objects.filter(user=teacher).count() == 1
