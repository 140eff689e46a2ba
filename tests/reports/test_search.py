"""One box for everything that one may see: families by child, parent or number, notices by their title."""

from __future__ import annotations

import pytest
from django.urls import reverse

from messaging.models import Notice, NoticeText
from parents.models import ContactPoint, ContactPointUse
from reports.search import SHOWN_OF_EACH
from schools.models import AuditEntry
from tests import factories as make
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def page_of(cast: Cast, key: str, text: str) -> str:
    answer = cast.client(key).get(reverse("search"), {"q": text})
    assert answer.status_code == 200
    return str(answer.content.decode())


def titled(notice: Notice, title: str) -> Notice:
    NoticeText.objects.update_or_create(notice=notice, language="nl", defaults={"title": title, "body": "Dag."})
    return notice


def test_a_child_or_a_parent_leads_to_the_family(cast: Cast) -> None:
    for text in ("Yusuf", "yusuf haddad"):
        page = page_of(cast, "teacher_3b", text)
        assert f"1 gezin gevonden voor “{text}”." in page
        assert reverse("family_detail", args=[cast.families["haddad"].pk]) in page


@pytest.mark.parametrize("typed", ["0470 98 76 54", "0470/98.76.54", "+32 470 98 76 54", "0032470987654", "98 76 54"])
def test_a_number_is_found_however_it_is_written(cast: Cast, typed: str) -> None:
    point = ContactPoint.objects.create(kind="PHONE", value="+32470987654", valid_from=make.LONG_AGO)
    ContactPointUse.objects.create(contact_point=point, guardian=cast.guardians["separated_father"])
    assert reverse("family_detail", args=[cast.families["haddad"].pk]) in page_of(cast, "teacher_3b", typed)
    assert "Niets gevonden" in page_of(cast, "teacher_1a", typed)


def test_a_notice_is_found_by_words_of_its_title(cast: Cast) -> None:
    notice = titled(make.make_notice(cast.classes["3b"], cast.staff["teacher_3b"]), "Wij gaan zwemmen op dinsdag")
    page = page_of(cast, "teacher_3b", "dinsdag zwemmen")
    assert "1 bericht gevonden voor “dinsdag zwemmen”." in page
    assert "Wij gaan zwemmen op dinsdag" in page
    assert reverse("notice_check", args=[notice.pk]) in page, "a draft leads to where it is finished"
    assert "Niets gevonden" in page_of(cast, "teacher_3b", "dinsdag fietsen")


def test_nobody_finds_what_they_may_not_see(cast: Cast) -> None:
    titled(make.make_notice(cast.classes["3b"], cast.staff["teacher_3b"]), "Wij gaan zwemmen")
    for key in ("teacher_1a", "head_go", "clb_vclb"):
        page = page_of(cast, key, "zwemmen")
        assert "Wij gaan zwemmen" not in page
        assert "Niets gevonden" in page
    for text in ("Yusuf", "Haddad"):
        assert reverse("family_detail", args=[cast.families["haddad"].pk]) not in page_of(cast, "teacher_1a", text)


def test_many_are_counted_and_the_first_are_shown(cast: Cast) -> None:
    for number in range(SHOWN_OF_EACH + 3):
        titled(make.make_notice(cast.classes["3b"], cast.staff["teacher_3b"]), f"Uitstap nummer {number}")
    page = page_of(cast, "teacher_3b", "uitstap")
    assert f"{SHOWN_OF_EACH + 3} berichten gevonden" in page
    assert page.count("row-title") == SHOWN_OF_EACH
    assert f"De nieuwste {SHOWN_OF_EACH} staan hier" in page


def test_what_was_looked_for_is_never_kept(cast: Cast) -> None:
    page_of(cast, "teacher_3b", "Haddad")
    line = AuditEntry.objects.get(verb="searched")
    assert line.detail == {"found": 1}
    assert "Haddad" not in str(list(AuditEntry.objects.values()))


def test_without_words_it_says_what_one_can_look_for(cast: Cast) -> None:
    page = page_of(cast, "teacher_3b", "  ")
    assert "een stuk van een telefoonnummer" in page
    assert not AuditEntry.objects.filter(verb="searched").exists()


def test_the_box_stands_on_every_page_of_those_who_work_with_families(cast: Cast) -> None:
    for key in ("teacher_3b", "joint"):
        page = cast.client(key).get(reverse("my_week")).content.decode()
        assert f'action="{reverse("search")}"' in page
        assert 'aria-keyshortcuts="/"' in page
