"""The process that joins or parts two families is killed half-way: nothing is half done, and it can be done again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings

from ingroeibloei.processes import die_with_parent
from parents.models import Family, FamilyMatch, FamilyMerge, FollowUp, MatchState, MergedChild
from parents.samefamily.moving import holders
from parents.services import join_families, undo_join
from schools import clock
from schools.models import AuditEntry
from tests.cast import Cast, build_cast
from tests.faults.processes import same_database
from tests.parents.homes import Homes, matched, pupil_of

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]

#: Kills itself at the UPDATE of the given number, inside the transaction.
_HALF_WAY = """
import os, signal, sys
import django
django.setup()
from django.db import connection
from parents.models import FamilyMatch, FamilyMerge
from parents.services import join_families, undo_join
from schools.models import User
what, row, by, last = sys.argv[1], *map(int, sys.argv[2:])
updates = 0
def count(execute, sql, params, many, context):
    global updates
    updates += sql.startswith("UPDATE")
    if updates == last:
        assert connection.in_atomic_block
        os.kill(os.getpid(), signal.SIGKILL)
    return execute(sql, params, many, context)
with connection.execute_wrapper(count):
    user = User.objects.get(pk=by)
    if what == "join":
        join_families(match=FamilyMatch.objects.get(pk=row), by=user)
    else:
        undo_join(merge=FamilyMerge.objects.get(pk=row), by=user)
"""


def rows() -> dict[str, Any]:
    """Whose every row is, and what was decided and noted."""
    whose = {model._meta.label: sorted(model._base_manager.values_list("pk", column)) for model, column in holders()}
    return whose | {
        "families": sorted(Family.objects.values_list("pk", "home_language")),
        "matches": sorted(FamilyMatch.objects.values_list("pk", "state")),
        "merges": sorted(FamilyMerge.objects.values_list("pk", "undone_at")),
        "children": sorted(MergedChild.objects.values_list("pk", "family_id")),
        "log": AuditEntry.objects.count(),
    }


def killed(what: str, row: int, by: int, update: int) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _HALF_WAY, what, *map(str, (row, by, update))],
        env=os.environ | same_database(), cwd=settings.BASE_DIR, capture_output=True, check=False, timeout=120,
        preexec_fn=die_with_parent(os.getpid()),
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()[-2000:]


def scene() -> tuple[Cast, FamilyMatch]:
    """Two families, of which the second has something in several tables."""
    cast = build_cast()
    match = matched(Homes(cast))
    Family.objects.filter(pk=match.second_id).update(home_language="tr")
    for _number in range(2):
        FollowUp.objects.create(
            family=match.second, school=cast.schools["bloesem"], pupil=pupil_of(match.second), what="Bel terug.",
            due_on=clock.today(), created_at=clock.now(),
        )  # fmt: skip
    return cast, match


def families_of_calls() -> set[int]:
    return set(FollowUp.objects.filter(what="Bel terug.").values_list("family_id", flat=True))


@pytest.mark.parametrize("update", [2, 4, 7])
def test_killed_while_it_joins_they_are_two_families_and_can_be_joined(update: int) -> None:
    cast, match = scene()
    by, before = cast.staff["joint"], rows()
    killed("join", match.pk, by.pk, update)
    assert rows() == before
    merge = join_families(match=FamilyMatch.objects.get(state=MatchState.OPEN), by=by)
    assert families_of_calls() == {merge.kept_id}


@pytest.mark.parametrize("update", [2, 4])
def test_killed_while_it_parts_they_are_one_family_and_can_be_parted(update: int) -> None:
    cast, match = scene()
    by = cast.staff["joint"]
    merge = join_families(match=match, by=by)
    joined = rows()
    killed("part", merge.pk, by.pk, update)
    assert rows() == joined
    undo_join(merge=merge, by=by)
    assert families_of_calls() == {match.second_id}
