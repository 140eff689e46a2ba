"""Talks that waited on a device: taken in once, refused with a reason, never lost; and what the device takes along."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from parents.models import ContactMoment
from parents.offline.sealing import public_key
from schools import clock
from schools.models import AuditEntry, Enrolment
from tests import factories as make
from tests.cast import Cast
from tests.parents.kept_talks import form_of, row, talk

pytestmark = pytest.mark.django_db

SEND = reverse("offline_send")


def send(client: Client, *rows: Any) -> Any:
    return client.post(SEND, json.dumps({"talks": rows}), content_type="application/json")


def test_a_talk_that_waited_is_stored_as_it_was(cast: Cast) -> None:
    answer = send(cast.client("teacher_3b"), row(talk(cast, note="Over lezen", agreement="Elke week bellen")))
    assert [one["state"] for one in answer.json()["talks"]] == ["stored"]
    moment = ContactMoment.objects.latest("pk")
    assert (moment.kind, moment.note, moment.agreement) == ("GATE_TALK", "Over lezen", "Elke week bellen")
    assert moment.recorded_by == cast.staff["teacher_3b"]
    assert moment.seconds_to_log in (8, 9, 10), "the seconds it took, not those it waited"


def test_sent_twice_it_is_one(cast: Cast) -> None:
    client, waiting = cast.client("teacher_3b"), row(talk(cast))
    before = ContactMoment.objects.count()
    for _time in range(2):
        assert send(client, waiting, waiting).json()["talks"] == [
            {"client_id": waiting["client_id"], "state": "stored"},
            {"client_id": waiting["client_id"], "state": "stored"},
        ]
    assert ContactMoment.objects.count() == before + 1


def test_what_cannot_be_stored_comes_back_with_the_reason_and_the_rest_goes_in(cast: Cast) -> None:
    before = ContactMoment.objects.count()
    rows = [row(talk(cast, kind="HOME_VISIT")), row(talk(cast))]
    first, second = send(cast.client("teacher_3b"), *rows).json()["talks"]
    assert (first["state"], second["state"]) == ("refused", "stored")
    assert "Simran" not in first["message"], "it stays on the device in the clear"
    assert "huisbezoek" in first["message"]
    assert ContactMoment.objects.count() == before + 1


def test_a_refused_talk_is_put_right_in_its_form(cast: Cast) -> None:
    client, waiting = cast.client("teacher_3b"), row(talk(cast, kind="HOME_VISIT", note="Over lezen"))
    send(client, waiting)
    answer = client.post(reverse("offline_mend"), form_of(waiting))
    assert answer.status_code == 422
    assert "Over lezen" in answer.content.decode()
    read = AuditEntry.objects.get(verb="read")
    assert read.assignment == cast.staff["teacher_3b"].assignments.get(), "its parents read who looked, and where"
    fields = {name: value for name, value in answer.context["form"].data.items()} | {"home_visit_agreed": "nobody"}
    assert client.post(answer.context["action"], fields).status_code == 302
    assert ContactMoment.objects.get(client_id=waiting["client_id"]).note == "Over lezen"
    assert send(client, waiting).json()["talks"][0]["state"] == "stored", "the device lets go of it"
    assert client.post(reverse("offline_mend"), form_of(waiting)).status_code == 302


def test_a_child_that_left_meanwhile_is_not_written_about(cast: Cast) -> None:
    waiting = row(talk(cast))
    Enrolment.objects.filter(pupil=cast.pupils["simran"]).update(ends_on=clock.today() - timedelta(days=1))
    before = ContactMoment.objects.count()
    [answer] = send(cast.client("teacher_3b"), waiting).json()["talks"]
    assert answer["state"] == "lost"
    assert "Simran" not in answer["message"]
    assert ContactMoment.objects.count() == before


@pytest.mark.parametrize("what", ["colleague", "changed", "other talk", "other key", "no talk", "no name"])
def test_what_is_not_ones_own_or_was_changed_is_not_read(cast: Cast, what: str) -> None:
    waiting = row(talk(cast))
    if what == "colleague":
        waiting = row(talk(cast, by="teacher_1a"))
    elif what == "changed":
        waiting["sealed"]["data"] = "AAAA" + waiting["sealed"]["data"][4:]
    elif what == "other talk":
        waiting["client_id"] = str(uuid4())
    elif what == "other key":
        waiting["sealed"]["key"] = "0" * 16
    elif what == "no talk":
        waiting["sealed"] = "x"
    else:
        waiting["client_id"] = "x"
    before = ContactMoment.objects.count()
    [answer] = send(cast.client("teacher_3b"), waiting).json()["talks"]
    assert (answer["state"], ContactMoment.objects.count()) == ("lost", before)


@pytest.mark.parametrize("body", ["", "[]", '{"talks": 3}', '{"x": 1}'])
def test_what_is_no_list_of_talks_is_refused(cast: Cast, body: str) -> None:
    assert cast.client("teacher_3b").post(SEND, body, content_type="application/json").status_code == 422


def test_sealed_for_a_key_that_was_replaced_it_opens_still(cast: Cast, settings: Any) -> None:
    client, waiting = cast.client("teacher_3b"), row(talk(cast))
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-secret-of-these-tests-only-0123456789"
    assert waiting["sealed"]["key"] != public_key()["id"]
    assert send(client, waiting).json()["talks"][0]["state"] == "stored"


def test_a_device_takes_first_names_of_own_children_along(cast: Cast) -> None:
    answer = cast.client("teacher_3b").get(reverse("offline_children"))
    assert [(child["name"], child["room"]) for child in answer.json()["children"]] == [
        ("Simran", "3B"),
        ("Yusuf", "3B"),
    ]
    for secret in ("Kaur", "Harpreet", "+32", "Haddad"):
        assert secret not in answer.content.decode()
    assert answer.headers["Cache-Control"] == "no-store"
    assert AuditEntry.objects.get(verb="took along").detail == {"number": 2}


def test_the_joint_workers_words_stay_with_a_clb_unless_she_says_otherwise(cast: Cast) -> None:
    """Without a choice of the CLB that owns it, a talk comes back; it never goes to the school by itself."""
    client, before = cast.client("joint"), ContactMoment.objects.count()
    readers = client.get(reverse("offline_children")).json()["readers"]
    assert readers["visibility"][0][0] == "CLB"
    assert {int(pk) for pk, _name in readers["centre"]} == {centre.pk for centre in cast.centres.values()}
    silent = row(talk(cast, by="joint", note="Moeder maakt zich zorgen"))
    [answer] = send(client, silent).json()["talks"]
    assert answer["state"] == "refused"
    assert ContactMoment.objects.count() == before
    owned = row(talk(cast, by="joint", note="Zorgen", visibility="CLB", centre=str(cast.centres["vclb"].pk)))
    assert send(client, owned).json()["talks"][0]["state"] == "stored"
    moment = ContactMoment.objects.latest("pk")
    assert (moment.visibility, moment.centre) == ("CLB", cast.centres["vclb"])
    assert cast.client("teacher_3b").get(reverse("offline_children")).json()["readers"] == {}


def test_two_of_one_name_are_told_apart(cast: Cast) -> None:
    make.make_family(cast.classes["3b"])
    twin = Enrolment.objects.filter(school_class=cast.classes["3b"]).latest("pk").pupil
    twin.first_name, twin.last_name = "Simran", "Gill"
    twin.save()
    names = [child["name"] for child in cast.client("teacher_3b").get(reverse("offline_children")).json()["children"]]
    assert names == ["Simran K.", "Simran G.", "Yusuf"]


def test_a_school_of_six_hundred_fits_in_thirty_kilobytes(cast: Cast) -> None:
    """The limit of the quick log's own data, for a head who takes the whole school along."""
    room = cast.classes["3b"]
    pupils = [make.make_pupil(room) for _number in range(600)]
    assert len(pupils) == 600
    answer = cast.client("head").get(reverse("offline_children"))
    assert len(answer.json()["children"]) >= 600
    assert len(answer.content) <= 30_000


def test_the_page_that_stays_in_the_browser_names_nobody(cast: Cast) -> None:
    for client in (Client(), cast.client("teacher_3b")):
        page = client.get(reverse("offline_page")).content.decode()
        for secret in ("Simran", "Kaur", "Lotte", "csrf"):
            assert secret not in page
        script = client.get(reverse("offline_worker"))
        assert script.headers["Content-Type"].startswith("text/javascript")
        assert "'self'" in script.headers["Content-Security-Policy"]


def test_the_id_of_a_colleagues_talk_holds_up_nothing(cast: Cast) -> None:
    taken = str(cast.moments["gate"].client_id)
    rows = [row(talk(cast, "emma", by="teacher_1a"), taken), row(talk(cast, "emma", by="teacher_1a"))]
    first, second = send(cast.client("teacher_1a"), *rows).json()["talks"]
    assert first["state"] in ("refused", "lost")
    assert second["state"] == "stored"
    assert ContactMoment.objects.get(client_id=taken).recorded_by == cast.staff["teacher_3b"]


def test_what_was_being_typed_comes_back_as_it_was_without_a_reproach(cast: Cast) -> None:
    client = cast.client("teacher_3b")
    facts = talk(
        cast, note="Over lezen", tone="CONCERN", guardians=str(cast.guardians["mother"].pk), follow_up="Bellen"
    )
    facts["fields"] = [pair for pair in facts["fields"] if pair[0] != "outcome"]
    typed = row(facts)
    before = ContactMoment.objects.count()
    answer = client.post(reverse("offline_mend"), form_of(typed) | {"draft": "1"})
    assert answer.status_code == 200
    form = answer.context["form"]
    assert not form.errors
    assert (form["note"].value(), form["tone"].value(), form["follow_up"].value()) == (
        "Over lezen",
        "CONCERN",
        "Bellen",
    )
    assert form["guardians"].value() == [str(cast.guardians["mother"].pk)]
    assert str(form["client_id"].value()) == typed["client_id"], "sent twice it is one talk"
    assert ContactMoment.objects.count() == before
    assert cast.client("head").post(reverse("offline_mend"), form_of(typed) | {"draft": "1"}).status_code == 404
