"""Families are joined and parted in any order: counts and rights stay right, and nobody sees further than before.

``HYPOTHESIS_PROFILE=full`` tries three hundred orders of events; usually a few are tried.
"""

from __future__ import annotations

import os
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck
from hypothesis import settings as budget
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from parents.models import (
    Authority,
    ContactMoment,
    Family,
    FamilyMatch,
    FamilyMembership,
    FamilyMerge,
    Guardian,
    Guardianship,
    MatchState,
)
from parents.samefamily.moving import holders
from parents.services import join_families, keep_apart, offer_same_families, undo_join
from reports.figure_scope import FigureScope, Period
from reports.figures import compute
from schools import clock
from schools.models import Pupil
from tests import factories as make
from tests.cast import Cast, build_cast

FULL = os.environ.get("HYPOTHESIS_PROFILE") == "full"
ROOMS = {"3b": "head", "1a": "head", "go2": "head_go"}
MOST_FAMILIES, MOST_CHILDREN = 8, 14
#: Few, so that families meet.
PHONES = [f"+3247000000{number}" for number in range(3, 6)]
RIGHTS = ("pupil_id", "guardian_id", "authority", "information_right", "may_receive", "may_decide")

Rights = Counter[tuple[Any, ...]]


class Joining(RuleBasedStateMachine):
    """Two schools and their joint worker. The model knows to which family each child first came, and who was joined
    with whom; it never asks the tables."""

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.savepoint()
        self.cast: Cast = build_cast()
        self.joint = self.cast.staff["joint"]
        self.home: dict[int, int] = dict(FamilyMembership.objects.values_list("pupil_id", "family_id"))
        self.room: dict[int, str] = {self.cast.pupils[key].pk: room for key, room in
            (("simran", "3b"), ("gurjot", "go2"), ("yusuf", "3b"), ("emma", "1a"))}  # fmt: skip
        self.spoken: set[int] = {self.cast.families["kaur"].pk}
        self.talks: dict[int, int] = {}
        self.rights: Rights = _rights()
        self.joined: list[tuple[FamilyMerge, frozenset[int], frozenset[int], dict[str, Any]]] = []
        self.refused: set[frozenset[int]] = set()
        for room in ("3b", "go2"):
            self.a_family_comes(room, PHONES[0], "Yilmaz")

    # --- what the schools do ---

    @precondition(lambda self: len(set(self.home.values())) < MOST_FAMILIES)
    @rule(room=st.sampled_from(sorted(ROOMS)), phone=st.sampled_from(PHONES), last=st.sampled_from(["Yilmaz", "Singh"]))
    def a_family_comes(self, room: str, phone: str, last: str) -> None:
        made = make.make_family(self.cast.classes[room], phones=[phone], emails=[None])
        Guardian.objects.filter(pk=made.guardians[0].pk).update(last_name=last)
        self.comes(made.pupils[0], made.family.pk, room)
        self.rights += _rights(pupil_id=made.pupils[0].pk)

    @precondition(lambda self: len(self.home) < MOST_CHILDREN)
    @rule(data=st.data())
    def a_brother_comes(self, data: st.DataObject) -> None:
        """Into the family in which his sister is now, with her guardians."""
        sister = data.draw(st.sampled_from(sorted(self.home)))
        family = FamilyMembership.objects.current().get(pupil_id=sister).family
        pupil = make.make_pupil(self.cast.classes[self.room[sister]])
        FamilyMembership.objects.create(family=family, pupil=pupil, starts_on=make.LONG_AGO)
        for tie in Guardianship.objects.filter(pupil_id=sister).order_by("pk"):
            tie.pk, tie.pupil = None, pupil
            tie.save()
        self.comes(pupil, self.home[sister], self.room[sister])
        self.rights += _rights(pupil_id=pupil.pk)

    def comes(self, pupil: Pupil, home: int, room: str) -> None:
        self.home[pupil.pk], self.room[pupil.pk] = home, room

    @rule(data=st.data(), authority=st.sampled_from(Authority.values), informed=st.booleans())
    def rights_change(self, data: st.DataObject, authority: str, informed: bool) -> None:
        ids = list(Guardianship.objects.order_by("pk").values_list("pk", flat=True))
        tie = Guardianship.objects.filter(pk=data.draw(st.sampled_from(ids)))
        key = tie.values_list(*RIGHTS).get()
        may_decide = authority in (Authority.JOINT, Authority.SOLE)
        tie.update(authority=authority, information_right=informed, may_receive=informed, may_decide=may_decide)
        self.rights[key] -= 1
        self.rights += Counter({(*key[:2], authority, informed, informed, may_decide): 1})

    @rule(data=st.data())
    def a_stepfather_comes(self, data: st.DataObject) -> None:
        """One adult who answers for children of two families makes them no family."""
        one, other = data.draw(st.sampled_from(sorted(self.home))), data.draw(st.sampled_from(sorted(self.home)))
        pupils = Pupil.objects.filter(pk__in={one, other})
        step = make.make_guardian(list(pupils))
        self.rights += _rights(guardian_id=step.pk)

    @rule(data=st.data())
    def somebody_speaks_with_them(self, data: st.DataObject) -> None:
        self.speaks(data.draw(st.sampled_from(sorted(self.home))))

    def speaks(self, child: int) -> None:
        pupil = Pupil.objects.get(pk=child)
        room = self.cast.classes[self.room[pupil.pk]]
        moment = ContactMoment.objects.create(
            school=room.school,
            family=FamilyMembership.objects.current().get(pupil=pupil).family,
            kind="PHONE",
            outcome="REACHED_AGREED",
            held_on=clock.today(),
            initiative="TEACHER",
            purpose="PRAISE",
            recorded_by=self.cast.staff[ROOMS[self.room[pupil.pk]]],
            recorded_at=clock.now(),
        )
        moment.pupils.add(pupil)
        self.talks[moment.pk] = self.home[pupil.pk]
        self.spoken.add(self.home[pupil.pk])

    # --- what the portal and the joint worker do ---

    @rule()
    def night_falls(self) -> None:
        before = set(FamilyMatch.objects.filter(state=MatchState.OPEN).values_list("pk", flat=True))
        offer_same_families()
        for match in FamilyMatch.objects.filter(state=MatchState.OPEN).exclude(pk__in=before):
            pair = frozenset((match.first_id, match.second_id))
            assert pair not in self.refused or not set(match.facts) <= set(match.refused), "it was refused already"

    def drawn(self, data: st.DataObject) -> FamilyMatch | None:
        ids = list(FamilyMatch.objects.editable_by(self.joint).order_by("pk").values_list("pk", flat=True))
        return FamilyMatch.objects.get(pk=data.draw(st.sampled_from(ids))) if ids else None

    @rule(data=st.data())
    def she_joins_two(self, data: st.DataObject) -> None:
        self.night_falls()
        match = self.drawn(data)
        if match is None:
            return
        before = _whose()
        merge = join_families(match=match, by=self.joint)
        groups = self.groups()
        self.joined.append((merge, groups[match.first_id], groups[match.second_id], before))
        theirs = [pupil for pupil, home in self.home.items() if home in groups[match.second_id]]
        if data.draw(st.booleans()):
            self.speaks(theirs[0])

    @rule(data=st.data())
    def she_keeps_two_apart(self, data: st.DataObject) -> None:
        match = self.drawn(data)
        if match is not None:
            keep_apart(match=match, by=self.joint)
            self.refused.add(frozenset((match.first_id, match.second_id)))

    @precondition(lambda self: self.joined)
    @rule(data=st.data(), is_late=st.booleans())
    def she_parts_two(self, data: st.DataObject, is_late: bool) -> None:
        place = data.draw(st.integers(0, len(self.joined) - 1))
        merge, kept, joined, before = self.joined[place]
        later = [one for one, first, second, _whose in self.joined[place + 1 :] if (first | second) & (kept | joined)]
        if is_late and data.draw(st.integers(0, 4)) == 0:
            at = clock.now() - timedelta(days=40)
            FamilyMerge.objects.filter(pk=merge.pk).update(at=at)
            with pytest.raises(ValidationError), transaction.atomic():
                undo_join(merge=merge, by=self.joint)
            FamilyMerge.objects.filter(pk=merge.pk).update(at=merge.at)
        elif later:
            with pytest.raises(ValidationError), transaction.atomic():
                undo_join(merge=merge, by=self.joint)
        else:
            undo_join(merge=merge, by=self.joint)
            del self.joined[place]
            self.is_as_before(before, {merge.kept_id, merge.joined_id})

    def is_as_before(self, before: dict[str, dict[int, int]], families: set[int]) -> None:
        """Every row that one of the two had is that one's again."""
        now = _whose()
        for table, rows in before.items():
            for pk, family in rows.items():
                assert family not in families or now[table][pk] == family, f"{table} {pk} did not come back"

    def groups(self) -> dict[int, frozenset[int]]:
        """The first families of which each family consists now, as the model knows it."""
        groups = {home: frozenset([home]) for home in set(self.home.values())}
        for _merge, kept, joined, _before in self.joined:
            for home in kept | joined:
                groups[home] = kept | joined
        return groups

    # --- what always holds ---

    @invariant()
    def every_child_is_in_one_family(self) -> None:
        current = Counter(FamilyMembership.objects.current().values_list("pupil_id", flat=True))
        assert current == Counter(dict.fromkeys(self.home, 1))

    @invariant()
    def children_are_together_as_the_model_says(self) -> None:
        groups, now = self.groups(), dict(FamilyMembership.objects.current().values_list("pupil_id", "family_id"))
        names = {now[pupil]: groups[home] for pupil, home in self.home.items()}
        assert all(names[now[pupil]] == groups[home] for pupil, home in self.home.items())
        assert len(names) == len(set(groups.values()))

    @invariant()
    def figures_count_as_the_model_does(self) -> None:
        project = self.cast.project
        assert project is not None
        figure = compute("I01", FigureScope(project=project), Period(self.cast.year.starts_on, clock.today()))
        groups = set(self.groups().values())
        assert len(groups) == figure.total.N
        assert figure.total.n == sum(bool(group & self.spoken) for group in groups)

    @invariant()
    def rights_are_those_that_the_schools_gave(self) -> None:
        assert _rights() == +self.rights

    @invariant()
    def a_school_sees_its_own_children_and_their_guardians_only(self) -> None:
        for head in ("head", "head_go"):
            user = self.cast.staff[head]
            user.__dict__.pop("_scope", None)
            own = {pupil for pupil, room in self.room.items() if ROOMS[room] == head}
            families = Family.objects.visible_to(user).with_children_for(user)
            shown = {member.pupil_id for family in families for member in family.shown}  # type: ignore[attr-defined]
            assert shown == own
            guardians = set(Guardian.objects.visible_to(user).values_list("pk", flat=True))
            assert guardians == {guardian for pupil, guardian, *_rest in +self.rights if pupil in own}
            schools = ContactMoment.objects.visible_to(user).values_list("school_id", flat=True).distinct()
            assert len(set(schools)) <= 1
            assert not FamilyMatch.objects.visible_to(user).exists()
            assert not FamilyMerge.objects.visible_to(user).exists()

    def teardown(self) -> None:
        """In the end everything is undone, the last first: the first families stand as they stood."""
        try:
            for merge, *_rest in reversed(self.joined):
                undo_join(merge=merge, by=self.joint)
            assert dict(FamilyMembership.objects.values_list("pupil_id", "family_id")) == self.home
            talks = ContactMoment.objects.filter(pk__in=self.talks)
            assert dict(talks.values_list("pk", "family_id")) == self.talks
        finally:
            transaction.savepoint_rollback(self.savepoint)


def _rights(**which: int) -> Rights:
    return Counter(Guardianship.objects.filter(**which).values_list(*RIGHTS))


def _whose() -> dict[str, dict[int, int]]:
    return {
        model._meta.label: dict(model._base_manager.filter(**{f"{column}__isnull": False}).values_list("pk", column))
        for model, column in holders()
    }


@pytest.mark.django_db
@pytest.mark.slow
def test_no_order_of_decisions_loses_a_count_or_changes_a_right() -> None:
    run_state_machine_as_test(
        Joining,
        settings=budget(
            max_examples=300 if FULL else 5,
            stateful_step_count=30 if FULL else 20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
