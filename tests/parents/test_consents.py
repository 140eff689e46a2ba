"""Consent: given by whom, how and when, withdrawn at once on the own page, and asked for where it matters."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from parents.consenting import own_lines_of
from parents.models import Consent, ContactMoment, FollowUp, Guardianship, InterpreterRequest, LegalHold, Visibility
from parents.services import give_consent, share_with_school, withdraw_consent
from parents.services.interpreters import NewTalk, ask_interpreter, follow_who_left
from schools import clock
from schools.models import Assignment, AuditEntry, Role
from tests.cast import Cast
from tests.parents.frame import text_of

pytestmark = pytest.mark.django_db

MY_DATA = reverse("portal_data")


@pytest.fixture(autouse=True)
def own_cache(settings: Any, tmp_path: Any) -> None:
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": tmp_path}
    }


def rights(cast: Cast, family: str = "haddad") -> str:
    return reverse("family_rights", args=[cast.families[family].pk])


class TestOnTheOwnPage:
    def test_a_parent_gives_and_withdraws_and_the_history_stays(self, cast: Cast) -> None:
        client, child = cast.guardian_client("separated_father"), cast.pupils["yusuf"]
        line = {"form": "consent", "line": f"PHOTO-{child.pk}"}
        client.post(MY_DATA, line | {"give": "1"})
        consent = Consent.objects.get()
        assert (consent.guardian, consent.child, consent.given_how, consent.recorded_by) == (
            cast.guardians["separated_father"], child, "OWN_PAGE", None,
        )  # fmt: skip
        client.post(MY_DATA, line | {"withdraw": "1"})
        consent.refresh_from_db()
        assert consent.withdrawn_on == clock.today()
        client.post(MY_DATA, line | {"give": "1"})
        assert Consent.objects.count() == 2
        assert AuditEntry.objects.filter(verb__in=["gave consent", "withdrew consent"]).count() == 3

    def test_a_question_about_two_children_is_asked_once_and_answered_for_each(self, cast: Cast) -> None:
        father = cast.guardians["separated_father"]
        tie = Guardianship.objects.get(guardian=father, pupil=cast.pupils["yusuf"])
        tie.pk, tie.pupil = None, cast.pupils["emma"]
        tie.save()
        read = text_of(cast.guardian_client("separated_father").get(MY_DATA, {"taal": "nl"}, follow=True))
        assert read.count("<strong>De school mag foto’s van mijn kind maken en tonen.</strong>") == 1
        keys = {f'value="PHOTO-{cast.pupils[name].pk}"' for name in ("yusuf", "emma")}
        assert all(read.count(key) == 1 for key in keys)

    def test_each_parent_decides_for_oneself(self, cast: Cast) -> None:
        give_consent(
            guardian=cast.guardians["separated_mother"], purpose="HOME_VISIT", how="SPOKEN", by=cast.staff["head"]
        )
        cast.guardian_client("separated_father").post(
            MY_DATA, {"form": "consent", "line": "HOME_VISIT-", "withdraw": "1"}
        )
        assert Consent.objects.running().count() == 1

    def test_somebody_elses_child_is_no_line(self, cast: Cast) -> None:
        cast.guardian_client("separated_father").post(
            MY_DATA, {"form": "consent", "line": f"PHOTO-{cast.pupils['emma'].pk}", "give": "1"}
        )
        assert not Consent.objects.exists()

    def test_who_is_informed_and_does_not_decide_is_asked_nothing_about_the_child(self, cast: Cast) -> None:
        father, child = cast.guardians["separated_father"], cast.pupils["yusuf"]
        before = give_consent(guardian=father, purpose="PHOTO", how="", child=child)
        tie = Guardianship.objects.get(guardian=father, pupil=child)
        tie.give("INFORMATION_ONLY")
        tie.save()
        client = cast.guardian_client("separated_father")
        client.post(MY_DATA, {"form": "consent", "line": f"CLB_TO_SCHOOL-{child.pk}", "give": "1"})
        assert Consent.objects.get() == before
        client.post(MY_DATA, {"form": "consent", "line": f"PHOTO-{child.pk}", "withdraw": "1"})
        assert not Consent.objects.running().exists(), "what was agreed to before is taken back"
        purposes = [line.purpose for line in client.get(MY_DATA).context["lines"]]
        assert purposes == ["HOME_VISIT", "STORY"]


class TestOnTheFamilysPage:
    def test_a_colleague_notes_who_agreed_how_and_when(self, cast: Cast) -> None:
        client, father = cast.client("teacher_3b"), cast.guardians["separated_father"]
        facts = {"form": "consent", "guardian": father.pk, "purpose": "HOME_VISIT", "how": "PHONE"}
        client.post(rights(cast), facts | {"given_on": clock.today().isoformat()})
        consent = Consent.objects.get()
        assert (consent.recorded_by, consent.given_how) == (cast.staff["teacher_3b"], "PHONE")
        assert "Karim" in text_of(client.get(reverse("family_detail", args=[cast.families["haddad"].pk])))
        client.post(rights(cast), {"form": "withdraw", "consent": consent.pk})
        consent.refresh_from_db()
        assert consent.withdrawn_noted_by == cast.staff["teacher_3b"]

    def test_photos_are_for_one_child(self, cast: Cast) -> None:
        father = cast.guardians["separated_father"]
        facts = {"form": "consent", "guardian": father.pk, "purpose": "PHOTO", "how": "PAPER"}
        answer = cast.client("head").post(rights(cast), facts | {"given_on": clock.today().isoformat()})
        assert answer.status_code == 422
        with pytest.raises(ValidationError):
            give_consent(guardian=father, purpose="PHOTO", how="PAPER", by=cast.staff["head"])

    def test_the_school_does_not_learn_of_a_child_elsewhere(self, cast: Cast) -> None:
        give_consent(
            guardian=cast.guardians["mother"], purpose="PHOTO", how="PAPER", by=cast.staff["head_go"],
            child=cast.pupils["gurjot"],
        )  # fmt: skip
        for address in (rights(cast, "kaur"), reverse("family_detail", args=[cast.families["kaur"].pk])):
            assert "Gurjot" not in text_of(cast.client("head").get(address))
            assert "Gurjot" in text_of(cast.client("head_go").get(address))

    def test_given_twice_it_is_one(self, cast: Cast) -> None:
        for _number in range(2):
            give_consent(guardian=cast.guardians["mother"], purpose="STORY", how="PAPER", by=cast.staff["joint"])
        consent = Consent.objects.get()
        assert withdraw_consent(consent=consent)
        assert not withdraw_consent(consent=consent)


class TestHomeVisit:
    def quick(self, **more: Any) -> dict[str, Any]:
        return {
            "client_id": str(uuid4()), "kind": "HOME_VISIT", "outcome": "REACHED_AGREED",
            "held_on": clock.today().isoformat(), "visibility": "SCHOOL_TEAM", "is_second": "on",
        } | more  # fmt: skip

    def address(self, cast: Cast) -> str:
        return f"{reverse('contact_new')}?pupil={cast.pupils['yusuf'].pk}"

    def test_it_is_asked_who_agreed_and_noted(self, cast: Cast) -> None:
        client, father = cast.client("teacher_3b"), cast.guardians["separated_father"]
        before = ContactMoment.objects.count()
        assert client.post(self.address(cast), self.quick()).status_code == 422
        assert ContactMoment.objects.count() == before
        assert client.post(self.address(cast), self.quick(home_visit_agreed=father.pk)).status_code == 302
        consent = Consent.objects.get()
        assert (consent.guardian, consent.purpose, consent.given_how) == (father, "HOME_VISIT", "SPOKEN")
        assert client.post(self.address(cast), self.quick()).status_code == 302, "known now: not asked again"

    def test_that_nobody_was_asked_can_be_said(self, cast: Cast) -> None:
        answer = cast.client("teacher_3b").post(self.address(cast), self.quick(home_visit_agreed="nobody"))
        assert answer.status_code == 302
        assert not Consent.objects.exists()

    def test_a_gate_talk_asks_nothing(self, cast: Cast) -> None:
        assert cast.client("teacher_3b").post(self.address(cast), self.quick(kind="GATE_TALK")).status_code == 302


class TestFromTheClbToTheSchool:
    def test_a_line_is_shared_with_consent_only(self, cast: Cast) -> None:
        moment, joint = cast.moments["clb"], cast.client("joint")
        address = reverse("contact_share", args=[moment.pk])
        joint.post(address)
        moment.refresh_from_db()
        assert moment.visibility == Visibility.CLB
        give_consent(
            guardian=cast.guardians["mother"], purpose="CLB_TO_SCHOOL", how="SPOKEN", by=cast.staff["joint"],
            child=cast.pupils["simran"],
        )  # fmt: skip
        joint.post(address)
        moment.refresh_from_db()
        assert moment.visibility == Visibility.SCHOOL_CARE
        line = AuditEntry.objects.get(verb="shared with school")
        assert line.detail["consents"] == [Consent.objects.get().pk]
        assert moment in ContactMoment.objects.visible_to(cast.staff["care"])

    def test_a_withdrawn_consent_is_none(self, cast: Cast) -> None:
        consent = give_consent(
            guardian=cast.guardians["mother"], purpose="CLB_TO_SCHOOL", how="SPOKEN", by=cast.staff["joint"],
            child=cast.pupils["simran"],
        )  # fmt: skip
        withdraw_consent(consent=consent)
        with pytest.raises(ValidationError):
            share_with_school(moment=cast.moments["clb"], by=cast.staff["joint"])

    def test_a_parent_who_decides_about_one_child_does_not_consent_for_the_other(self, cast: Cast) -> None:
        """A talk about two children of whom the father has authority over one only, since a judgment."""
        moment, father = cast.moments["clb"], cast.guardians["separated_father"]
        moment.pupils.add(cast.pupils["yusuf"])
        tie = Guardianship(pupil=cast.pupils["simran"], guardian=father, starts_on=cast.year.starts_on)
        tie.give("NONE")
        tie.save()
        for child in ("simran", "yusuf"):
            give_consent(
                guardian=father, purpose="CLB_TO_SCHOOL", how="SPOKEN", by=cast.staff["joint"],
                child=cast.pupils[child],
            )  # fmt: skip
        with pytest.raises(ValidationError):
            share_with_school(moment=moment, by=cast.staff["joint"])

    def test_another_centre_shares_nothing(self, cast: Cast) -> None:
        with pytest.raises(PermissionDenied):
            share_with_school(moment=cast.moments["clb"], by=cast.staff["clb_go"])


class TestHolds:
    def test_who_heads_another_school_and_teaches_here_holds_nothing(self, cast: Cast) -> None:
        person = cast.staff["head_go"]
        Assignment.objects.create(
            user=person, role=Role.TEACHER, school=cast.schools["kersenboom"], school_class=cast.classes["3b"],
            starts_on=cast.year.starts_on,
        )  # fmt: skip
        client = cast.client("head_go")
        assert client.get(rights(cast)).context["hold_form"] is None
        facts = {"form": "hold", "because": "klacht", "until": clock.today().isoformat()}
        assert client.post(rights(cast), facts).status_code == 403

    @pytest.mark.parametrize("person", ["head", "director_vclb", "joint"])
    def test_who_answers_for_the_school_is_asked(self, cast: Cast, person: str) -> None:
        assert cast.client(person).get(rights(cast)).context["hold_form"] is not None

    def test_a_head_holds_and_releases(self, cast: Cast) -> None:
        client = cast.client("head")
        until = (clock.today() + timedelta(days=90)).isoformat()
        client.post(rights(cast), {"form": "hold", "because": "klacht van 12 maart", "until": until})
        hold = LegalHold.objects.get()
        assert hold.held_by == cast.staff["head"]
        client.post(rights(cast), {"form": "release", "hold": hold.pk})
        assert not LegalHold.objects.running().exists()
        assert AuditEntry.objects.filter(verb__in=["held", "released"]).count() == 2

    def test_a_teacher_does_not(self, cast: Cast) -> None:
        client = cast.client("teacher_3b")
        answer = client.post(rights(cast), {"form": "hold", "because": "x", "until": clock.today().isoformat()})
        assert answer.status_code == 403
        assert not LegalHold.objects.exists()

    def test_not_until_a_day_that_passed(self, cast: Cast) -> None:
        until = (clock.today() - timedelta(days=1)).isoformat()
        answer = cast.client("head").post(rights(cast), {"form": "hold", "because": "klacht", "until": until})
        assert answer.status_code == 422


class TestVisitsAtHome:
    """A planned visit with an interpreter, and the consent withdrawn."""

    def asked(self, cast: Cast, guardian: str | None = "separated_father") -> InterpreterRequest:
        person = cast.guardians[guardian] if guardian else None
        talk = NewTalk("HOME_VISIT", "ar", clock.now() + timedelta(days=3), 45, "ON_SITE", person)
        return ask_interpreter(pupil=cast.pupils["yusuf"], talk=talk, by=cast.staff["care"])

    def agrees(self, cast: Cast, guardian: str) -> Consent:
        return give_consent(guardian=cast.guardians[guardian], purpose="HOME_VISIT", how="", by=None)

    def test_nobody_comes_any_more_and_who_planned_it_hears_of_it(self, cast: Cast) -> None:
        visit, consent = self.asked(cast), self.agrees(cast, "separated_father")
        InterpreterRequest.objects.filter(pk=visit.pk).update(agency="Tolkdienst", asked_agency_on=clock.today())
        client = cast.guardian_client("separated_father")
        client.post(MY_DATA, {"form": "consent", "line": "HOME_VISIT-", "withdraw": "1"})
        visit.refresh_from_db()
        assert visit.state == "CANCELLED"
        assert visit.is_to_call_off, "the agency that was asked hears of it"
        told = FollowUp.objects.get(guardian=consent.guardian)
        assert (told.kind, told.owner, told.pupil) == ("MEETING", cast.staff["care"], cast.pupils["yusuf"])
        follow_who_left()
        visit.refresh_from_db()
        assert visit.state == "CANCELLED", "nor does the night take it up again"

    def test_a_colleague_who_planned_it_and_notes_the_withdrawal_needs_no_task(self, cast: Cast) -> None:
        visit, consent = self.asked(cast), self.agrees(cast, "separated_father")
        withdraw_consent(consent=consent, by=cast.staff["care"])
        visit.refresh_from_db()
        assert (visit.state, FollowUp.objects.filter(guardian=consent.guardian).count()) == ("CANCELLED", 0)

    def test_a_visit_to_another_parent_or_one_that_another_still_agrees_to_stands(self, cast: Cast) -> None:
        own, shared = self.asked(cast, "separated_mother"), self.asked(cast, None)
        mine, hers = (self.agrees(cast, f"separated_{who}") for who in ("father", "mother"))
        withdraw_consent(consent=mine)
        states = InterpreterRequest.objects.filter(pk__in=[own.pk, shared.pk]).values_list("state", flat=True)
        assert list(states) == ["ASKED", "ASKED"]
        withdraw_consent(consent=hers)
        assert set(states.all()) == {"CANCELLED"}

    def test_other_consents_leave_it(self, cast: Cast) -> None:
        visit, child = self.asked(cast), cast.pupils["yusuf"]
        photo = give_consent(guardian=cast.guardians["separated_father"], purpose="PHOTO", how="", child=child)
        withdraw_consent(consent=photo)
        visit.refresh_from_db()
        assert visit.state == "ASKED"


def test_who_answers_for_no_child_is_asked_for_no_consent_and_may_withdraw_what_was_given(cast: Cast) -> None:
    father = cast.guardians["separated_father"]
    give_consent(guardian=father, purpose="STORY", how="", by=None)
    assert {line.purpose for line in own_lines_of(father, [cast.pupils["yusuf"]])} >= {"HOME_VISIT", "STORY"}
    assert [line.purpose for line in own_lines_of(father, [])] == ["STORY"]
    Consent.objects.all().delete()
    Guardianship.objects.filter(guardian=father).update(ends_on=clock.today() - timedelta(days=1))
    assert 'value="consent"' not in text_of(cast.guardian_client("separated_father").get(MY_DATA))
