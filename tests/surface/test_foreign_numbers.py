"""Numbers of somebody else's rows in every form, fields that no form has, and where a sealed note must not be met."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from messaging.models import Notice, Thread
from messaging.tokens import make_token
from parents.models import CLBNote, ContactMoment
from parents.sealing import make_key
from parents.services import write_clb_note
from schools import clock
from schools.models import AuditEntry
from tests.surface.rows import Rows
from tests.surface.test_attacks import pages_for

pytestmark = pytest.mark.django_db


def contact_fields(rows: Rows, **more: Any) -> dict[str, Any]:
    return {
        "client_id": str(uuid4()),
        "kind": "GATE_TALK",
        "outcome": "REACHED_AGREED",
        "held_on": clock.today().isoformat(),
        "visibility": "SCHOOL_TEAM",
    } | more


def contact_url(rows: Rows, pupil: str = "yusuf") -> str:
    return f"{reverse('contact_new')}?pupil={rows.cast.pupils[pupil].pk}"


def test_foreign_numbers_in_a_contact_are_refused(rows: Rows) -> None:
    cast, client = rows.cast, rows.cast.client("teacher_3b")
    before = ContactMoment.objects.count()
    mixed = [cast.guardians["separated_father"].pk, cast.guardians["dutch_mother"].pk]
    foreign: list[dict[str, Any]] = [
        {"guardians": cast.guardians["dutch_mother"].pk},
        {"guardians": mixed},
        {"guardians": "9" * 25},
        {"guardians": "²"},
        {"method": "9" * 25},
        {"visibility": "CLB", "centre": cast.centres["clb_go"].pk},
        {"visibility": "SCHOOL_CARE"},
        {"visibility": "AUTHOR"},
        {"kind": "CLB_TALK"},
    ]
    for fields in foreign:
        assert client.post(contact_url(rows), contact_fields(rows, **fields)).status_code == 422, fields
    siblings = {"siblings": cast.pupils["gurjot"].pk}  # at the other school: the teacher may not know of him
    client.post(contact_url(rows, "simran"), contact_fields(rows, **siblings))
    assert not ContactMoment.objects.filter(pupils=cast.pupils["gurjot"]).exists()
    assert ContactMoment.objects.count() <= before + 1


@pytest.mark.parametrize("pupil", ["emma", "gurjot"])
def test_a_contact_about_somebody_elses_pupil_is_not_there(rows: Rows, pupil: str) -> None:
    assert rows.cast.client("teacher_3b").post(contact_url(rows, pupil), contact_fields(rows)).status_code == 404


@pytest.mark.parametrize("number", ["²", "9" * 25, "9" * 5000, "-1", "x"])
def test_a_number_that_is_none_finds_nothing(rows: Rows, number: str) -> None:
    client = rows.cast.client("teacher_3b")
    assert client.get(reverse("contact_new"), {"pupil": number}).status_code in {200, 404}
    assert client.get(reverse("family_list"), {"q": number, "klas": number, "page": number}).status_code in {200, 404}
    composed = client.post(
        reverse("notice_compose", args=["parent-meeting-invitation"]), {"audience": f"class:{number}", "pupils": number}
    )
    assert composed.status_code in {200, 422}
    joint = rows.cast.client("joint")
    assert joint.post(reverse("report_new"), {"project": number}).status_code == 404


def test_a_notice_to_a_foreign_class_or_child_is_refused(rows: Rows) -> None:
    cast, client = rows.cast, rows.cast.client("teacher_3b")
    before = Notice.objects.count()
    fields = {
        "teacher": "juf",
        "date": clock.today().isoformat(),
        "time": "15:30",
        "place": "lokaal",
        "phone": "011 00 11 22",
        "kind": "ACTIE",
    }
    own, theirs = f"class:{cast.classes['3b'].pk}", f"class:{cast.classes['go2'].pk}"
    for more in (
        {"audience": theirs},
        {"audience": f"class:{cast.classes['1a'].pk}"},
        {"audience": f"school:{cast.schools['kersenboom'].pk}"},
        {"audience": f"school:{cast.schools['bloesem'].pk}"},
        {"audience": own, "pupils": cast.pupils["emma"].pk},
        {"audience": own, "pupils": [cast.pupils["yusuf"].pk, cast.pupils["gurjot"].pk]},
        {"audience": own, "pupils": "9" * 25},
    ):
        answer = client.post(reverse("notice_compose", args=["parent-meeting-invitation"]), {**fields, **more})
        assert answer.status_code in {200, 422}, more
    assert Notice.objects.count() == before


def test_a_note_for_a_foreign_centre_is_refused(rows: Rows) -> None:
    cast = rows.cast
    make_key(cast.centres["clb_go"])
    url = reverse("clb_note_new", args=[cast.moments["gate"].pk])
    before = CLBNote.objects.count()
    for centre in (cast.centres["clb_go"].pk, "9" * 25, "x"):
        assert cast.client("clb_vclb").post(url, {"centre": centre, "text": "x"}).status_code == 422
    assert CLBNote.objects.count() == before


def test_replies_and_calls_at_foreign_rows_are_not_there(rows: Rows) -> None:
    for key in ("teacher_1a", "teacher_go", "head_go", "clb_go"):
        client = rows.cast.client(key)
        for name, number in (("thread_detail", rows.thread.pk), ("call_done", rows.call.pk)):
            answer = client.post(reverse(name, args=[number]), {"text": "x", "outcome": "REACHED_AGREED"})
            assert answer.status_code == 404, (key, name)
    wrong = rows.cast.client("teacher_3b").post(reverse("call_done", args=[rows.call.pk]), {"outcome": "REFERRED"})
    assert wrong.status_code == 422
    rows.call.follow_up.refresh_from_db()
    assert rows.call.follow_up.status == "OPEN"


def test_fields_that_a_form_does_not_have_change_nothing(rows: Rows) -> None:
    cast = rows.cast
    stranger = cast.staff["head_go"]
    more = {
        "school": cast.schools["bloesem"].pk,
        "family": cast.families["kaur"].pk,
        "recorded_by": stranger.pk,
        "author": stranger.pk,
        "is_reach": "1",
        "language_group": "nl",
        "pupils": cast.pupils["emma"].pk,
    }
    answer = cast.client("teacher_3b").post(contact_url(rows), contact_fields(rows, **more))
    assert answer.status_code == 302
    moment = ContactMoment.objects.latest("pk")
    assert (moment.school, moment.family, moment.recorded_by) == (
        cast.schools["kersenboom"],
        cast.families["haddad"],
        cast.staff["teacher_3b"],
    )
    assert list(moment.pupils.all()) == [cast.pupils["yusuf"]]
    thread = Thread.objects.get(pk=rows.thread.pk)
    fields = {"text": "Om vier uur.", "thread": 1, "by_user": stranger.pk, "guardian": 1, "school": more["school"]}
    cast.client("teacher_3b").post(reverse("thread_detail", args=[thread.pk]), fields)
    assert thread.posts.latest("pk").by_user == cast.staff["teacher_3b"]
    assert Thread.objects.get(pk=rows.thread.pk).school == thread.school


@pytest.mark.parametrize(
    "key", ["head", *(pytest.param(key, marks=pytest.mark.full) for key in ("teacher_3b", "care"))]
)
def test_a_sealed_note_is_met_nowhere_else(rows: Rows, key: str) -> None:
    cast, secret = rows.cast, "Zwijgwoord-8371"
    make_key(cast.centres["vclb"])
    write_clb_note(
        contact_moment=cast.moments["gate"], centre=cast.centres["vclb"], text=secret, author=cast.staff["clb_vclb"]
    )
    detail = reverse("contact_detail", args=[cast.moments["gate"].pk])
    assert secret in cast.client("clb_vclb").get(detail).content.decode()
    client = cast.client(key)
    for url in pages_for(rows, key):
        assert secret not in client.get(url).content.decode(), url
    found = cast.client("clb_vclb").get(reverse("family_list"), {"q": "Zwijgwoord"}).content.decode()
    assert reverse("family_detail", args=[cast.families["haddad"].pk]) not in found
    assert not [row for row in AuditEntry.objects.all() if secret in str(row.detail) or secret in row.verb]
    assert _tables_with(secret) == []


def _tables_with(word: str) -> list[str]:
    """Tables in which the word stands in the clear, sessions and blobs too."""
    met = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            for row in cursor.fetchall():
                values = [
                    bytes(value) if isinstance(value, memoryview | bytes) else str(value).encode() for value in row
                ]
                if any(word.encode() in value for value in values):
                    met.append(table)
    return met


@pytest.mark.parametrize("key", ["joint", "clb_vclb", "head", "teacher_3b"])
@pytest.mark.parametrize(
    "query", ["a b c d e f", "Yusuf Haddad van hier", "' OR 1=1 --", "%", "_", "0470 00 00 02", "\\"]
)
def test_a_search_of_many_words_or_signs_answers(rows: Rows, key: str, query: str) -> None:
    for name in ("family_list", "contact_new"):
        assert rows.cast.client(key).get(reverse(name), {"q": query}).status_code == 200


def test_a_search_finds_nobody_of_elsewhere(rows: Rows) -> None:
    for query in ("Peeters", "Emma", "' OR '1'='1", "%"):
        page = rows.cast.client("teacher_3b").get(reverse("family_list"), {"q": query}).content.decode()
        assert reverse("family_detail", args=[rows.cast.families["peeters"].pk]) not in page


def test_a_nul_is_no_request(rows: Rows) -> None:
    """PostgreSQL raises on it; no browser sends one."""
    client = rows.cast.client("teacher_3b")
    token = make_token(rows.delivery_to("separated_father"))
    assert client.get(reverse("family_list"), {"q": "a\x00"}).status_code == 400
    assert client.get("/draaiboek/fiches/a%00/").status_code == 400
    for name, fields in (("token_answer", {"answer": "\x00"}), ("token_question", {"text": "a\x00"})):
        assert Client().post(reverse(name, args=[token]), fields).status_code == 400
    assert Client().post(reverse("account_login"), {"login": "a\x00", "password": "x"}).status_code == 400


@pytest.mark.parametrize("name", ["guardian_join", "pupil_join"])
def test_a_number_that_no_row_can_have_leads_nowhere(rows: Rows, name: str) -> None:
    school = rows.cast.classes["3b"].school_id
    for number in (1 << 63, 10**20):
        assert rows.cast.client("head").get(reverse(name, args=[school, 1, number])).status_code == 404
