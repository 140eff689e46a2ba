"""The office puts right how a parent is reached; the places that were known before hear of it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from messaging.models import Delivery, RecordedNotice
from messaging.tokens import make_token
from parents.access import points_of
from parents.models import ContactPoint, ContactPointUse, Guardian, Guardianship
from parents.roster.contactpoints import NOT_ON_LIST
from schools import clock
from schools.models import AuditEntry
from tests.cast import Cast
from tests.messaging.notices_for_pages import delivery_to, sent
from tests.parents.frame import text_of

NEW = "nadia.nieuw@thuis.example"


@pytest.fixture(autouse=True)
def own_cache(settings: Any, tmp_path: Any) -> None:
    settings.SMS_DRIVER = "record"
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": tmp_path}
    }


def address(cast: Cast, guardian: str = "separated_mother") -> str:
    return reverse("guardian_data", args=[cast.pupils["yusuf"].pk, cast.guardians[guardian].pk])


def post(cast: Cast, form: str, key: str = "office", **fields: Any) -> Any:
    words = {f"{form}-{name}": value for name, value in fields.items()}
    return cast.client(key).post(address(cast), {"form": form} | words)


def point(value: str) -> ContactPoint:
    return ContactPoint.objects.get(value=value)


def test_the_numbers_to_choose_from_stand_there_as_people_write_them(cast: Cast) -> None:
    page = cast.client("office").get(address(cast)).content.decode()
    assert '<bdi dir="ltr">0470 00 00 02</bdi>' in page
    assert '<bdi dir="ltr">nadia@thuis.example</bdi>' in page


def test_another_address_takes_the_place_of_the_old_one_which_hears_of_it(cast: Cast) -> None:
    old = point("nadia@thuis.example")
    answer = post(cast, "contact", contact=NEW, replaces=old.pk)
    assert (answer.status_code, answer.headers["Location"]) == (
        302, reverse("pupil_detail", args=[cast.pupils["yusuf"].pk]),
    )  # fmt: skip
    old.refresh_from_db()
    assert (old.valid_until, old.ended_because) == (clock.today(), "REPLACED"), "history stays"
    assert {row.value for row in points_of(cast.guardians["separated_mother"])} == {NEW, "+32470000002"}
    assert point(NEW).verified_on is None, "until a code is opened there"
    assert {to for message in mail.outbox for to in message.to} == {"nadia@thuis.example", NEW}
    assert RecordedNotice.objects.get(channel="SMS").recipient == "+32470000002"
    assert "Quelque chose" in mail.outbox[0].subject, "in the language of before"
    line = AuditEntry.objects.get(verb="noted a new contact point")
    assert (line.actor, line.school_id) == (cast.staff["office"], cast.schools["kersenboom"].pk)


@pytest.mark.parametrize(
    ("form", "fields"),
    [
        ("contact", {"contact": NEW, "replaces": "none"}),
        ("language", {"language": "nl", "told": "on"}),
        ("home", {"street": "Nieuwstraat 9", "postcode": "3800", "city": "Sint-Truiden"}),
    ],
)
def test_the_school_that_changed_it_is_the_one_to_call(cast: Cast, form: str, fields: dict[str, str]) -> None:
    """Her other child is at a school of the other network, which knows of nothing."""
    url = reverse("guardian_data", args=[cast.pupils["gurjot"].pk, cast.guardians["mother"].pk])
    said = {f"{form}-{name}": value for name, value in fields.items()}
    assert cast.client("head_go").post(url, {"form": form} | said).status_code == 302
    words = [f"{letter.subject} {letter.body}" for letter in mail.outbox]
    words += RecordedNotice.objects.values_list("text", flat=True)
    assert words
    assert all(cast.schools["bloesem"].name in line for line in words)
    assert not any(cast.schools["kersenboom"].name in line for line in words)


def test_one_more_number_leaves_the_others(cast: Cast) -> None:
    post(cast, "contact", contact="0470 77 77 77", replaces="none")
    values = {row.value for row in points_of(cast.guardians["separated_mother"])}
    assert values == {"nadia@thuis.example", "+32470000002", "+32470777777"}


def test_what_waits_for_the_old_address_goes_to_the_new_one(cast: Cast) -> None:
    notice = sent(cast)
    waiting = notice.deliveries.filter(guardian=cast.guardians["separated_mother"])
    waiting.update(status="QUEUED")
    old = point("nadia@thuis.example")
    post(cast, "contact", contact=NEW, replaces=old.pk)
    assert set(waiting.filter(channel="EMAIL").values_list("address", flat=True)) == {NEW}


def test_links_that_went_to_the_old_address_end(cast: Cast, client: Client) -> None:
    """The phone was lost or the number is a stranger's; the other parent's links and one's other ways stay."""
    mother, old = cast.guardians["separated_mother"], point("nadia@thuis.example")
    mailed, by_text = (delivery_to(sent(cast), cast, "separated_mother") for _notice in range(2))
    theirs = delivery_to(mailed.notice, cast, "separated_father")
    Delivery.objects.filter(pk=by_text.pk).update(contact_point=points_of(mother).get(value="+32470000002"))
    Delivery.objects.filter(pk=mailed.pk).update(contact_point=old, status="SENT")
    links = [reverse("token_notice", args=[make_token(row)]) for row in (mailed, by_text, theirs)]
    assert [client.get(link).status_code for link in links] == [200, 200, 200]
    post(cast, "contact", contact="0470 77 77 77", replaces="none")
    assert client.get(links[0]).status_code == 200, "one more number ends nothing"
    post(cast, "contact", contact=NEW, replaces=old.pk)
    assert [client.get(link).status_code for link in links] == [404, 200, 200]
    portal = reverse("portal_notice", args=[mailed.pk])
    assert cast.guardian_client("separated_mother").get(portal).status_code == 200, "her own pages keep it"


def test_links_that_went_to_what_a_list_leaves_out_end_too(cast: Cast, client: Client) -> None:
    """The office changed it in the school's own system. A mailbox that only was full is still hers."""
    mother, old = cast.guardians["separated_mother"], point("nadia@thuis.example")
    row = delivery_to(sent(cast), cast, "separated_mother")
    Delivery.objects.filter(pk=row.pk).update(contact_point=old, channel="EMAIL", status="SENT")
    link = reverse("token_notice", args=[make_token(row)])
    ended = ContactPoint.objects.filter(pk=old.pk)
    for reason, status in (("BOUNCED", 200), (NOT_ON_LIST, 404)):
        ended.update(valid_until=clock.today(), ended_because=reason)
        assert client.get(link).status_code == status, reason
    ended.update(valid_until=None, ended_because="")
    assert client.get(link).status_code == 200
    mother.point_uses.filter(contact_point=old).delete()  # others use it still: she alone left it
    assert client.get(link).status_code == 404


def test_a_session_opened_at_the_old_address_ends(cast: Cast) -> None:
    """The phone was stolen while its owner was signed in; what she opened with another number goes on."""
    old, stolen, own = point("nadia@thuis.example"), Client(), Client()
    for browser, contact in ((stolen, old.value), (own, "0470 00 00 02")):
        browser.post(reverse("guardian_sign_in"), {"contact": contact})
        code = RecordedNotice.objects.latest("pk").text if browser is own else str(mail.outbox[-1].body)
        browser.post(reverse("guardian_code"), {"code": re.findall(r"\b\d{6}\b", code)[0]})
    post(cast, "contact", contact="0470 77 77 77", replaces="none")
    assert stolen.get("/ouders/").status_code == 200, "one more number ends nothing"
    post(cast, "contact", contact=NEW, replaces=old.pk)
    assert stolen.get("/ouders/").headers["Location"].startswith(reverse("guardian_sign_in"))
    assert own.get("/ouders/").status_code == 200


def test_a_language_that_was_told_holds_as_an_own_choice(cast: Cast) -> None:
    assert post(cast, "language", language="nl", told="on").status_code == 302
    mother = Guardian.objects.get(pk=cast.guardians["separated_mother"].pk)
    assert (mother.contact_language, mother.language_confirmed_on) == ("nl", clock.today())
    assert mail.outbox[0].to == ["nadia@thuis.example"]
    assert "Quelque chose" in mail.outbox[0].subject
    assert AuditEntry.objects.get(verb="noted a language").actor == cast.staff["office"]


def test_the_same_language_once_more_is_confirmed_and_not_announced(cast: Cast) -> None:
    post(cast, "language", language="fr", told="on")
    assert Guardian.objects.get(pk=cast.guardians["separated_mother"].pk).language_confirmed_on == clock.today()
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("form", "fields", "words"),
    [
        ("language", {"language": "nl"}, "Vraag het eerst aan deze persoon"),
        ("contact", {"contact": "nadia"}, "e-mailadres of een telefoonnummer"),
        ("contact", {"contact": "nadia@thuis.example"}, "al"),
    ],
)
def test_what_is_wrong_is_said(cast: Cast, form: str, fields: dict[str, str], words: str) -> None:
    answer = post(cast, form, **fields)
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert mail.outbox == []


LANE = {"street": "Nieuwstraat  9", "postcode": "3800", "city": "Sint-Truiden"}


def homes(cast: Cast) -> list[str]:
    keys = ("separated_mother", "separated_father")
    return [str(Guardian.objects.get(pk=cast.guardians[key].pk).household) for key in keys]


def test_a_mother_who_moves_alone_leaves_the_others_where_they_are(cast: Cast) -> None:
    before = homes(cast)
    assert post(cast, "home", **LANE).status_code == 302
    assert homes(cast) == ["Nieuwstraat 9, 3800 Sint-Truiden", before[1]]
    assert mail.outbox[0].to == ["nadia@thuis.example"]
    assert AuditEntry.objects.get(verb="noted a new home").actor == cast.staff["office"]


def test_who_lives_there_too_moves_along_when_that_is_said(cast: Cast) -> None:
    mother, father = cast.guardians["separated_mother"], cast.guardians["separated_father"]
    Guardian.objects.filter(pk=father.pk).update(household=mother.household)
    assert "Verhuist mee: Karim Haddad" in text_of(cast.client("office").get(address(cast)))
    post(cast, "home", **LANE)
    assert len(set(homes(cast))) == 2
    Guardian.objects.filter(pk=father.pk).update(household=Guardian.objects.get(pk=mother.pk).household)
    post(cast, "home", together="on", **LANE | {"street": "Verderstraat 1"})
    assert homes(cast) == ["Verderstraat 1, 3800 Sint-Truiden"] * 2
    assert {to for message in mail.outbox[-2:] for to in message.to} == {"nadia@thuis.example", "karim@elders.example"}


def test_who_lives_there_already_hears_of_no_change(cast: Cast) -> None:
    """Pressed twice, or saved as it was: nothing was changed for anybody."""
    post(cast, "home", **LANE)
    heard = len(mail.outbox) + RecordedNotice.objects.count()
    assert heard
    assert post(cast, "home", **LANE).status_code == 302
    assert len(mail.outbox) + RecordedNotice.objects.count() == heard


def test_capitals_of_the_own_address_are_put_right_without_a_word_to_anybody(cast: Cast) -> None:
    post(cast, "home", **LANE | {"street": "nieuwstraat 9", "city": "SINT-TRUIDEN"})
    heard = len(mail.outbox)
    post(cast, "home", **LANE)
    assert homes(cast)[0] == "Nieuwstraat 9, 3800 Sint-Truiden"
    assert len(mail.outbox) == heard


def test_two_adults_of_a_child_at_one_address_share_a_household(cast: Cast) -> None:
    father = cast.guardians["separated_father"].household
    assert father
    post(cast, "home", street=father.street.upper(), postcode=father.postcode, city=father.city)
    home = Guardian.objects.get(pk=cast.guardians["separated_mother"].pk).household
    assert home == father
    assert home.street == father.street, "spelled as those who live there spell it"


def test_the_other_parents_adult_and_who_only_wants_data_kept_are_not_there(cast: Cast) -> None:
    client = cast.client("office")
    stranger = reverse("guardian_data", args=[cast.pupils["yusuf"].pk, cast.guardians["dutch_mother"].pk])
    assert client.get(stranger).status_code == 404
    Guardian.objects.filter(pk=cast.guardians["separated_mother"].pk).update(restricted_on=clock.today())
    assert client.get(address(cast)).status_code == 404


def test_only_that_parent_reads_that_it_was_opened(cast: Cast) -> None:
    cast.client("office").get(address(cast))
    subject = AuditEntry.objects.get(verb="read", target_kind="parents.guardian").subjects.get()
    assert (subject.pupil_id, subject.guardian_id) == (
        cast.pupils["yusuf"].pk, cast.guardians["separated_mother"].pk,
    )  # fmt: skip


def test_who_else_uses_the_number_is_said_to_who_writes_it_down_as_far_as_they_are_seen(cast: Cast) -> None:
    """The father's new number is still the mother's in the portal: a slip, or she has it no more."""
    page = reverse("guardian_data", args=[cast.pupils["yusuf"].pk, cast.guardians["separated_father"].pk])
    office = cast.client("office")
    said = text_of(office.post(page, {"form": "contact", "contact-contact": "0470 00 00 02"}, follow=True))
    assert "Ook gebruikt door: Nadia Haddad." in said
    said = text_of(office.post(page, {"form": "contact", "contact-contact": "0470 99 88 77"}, follow=True))
    assert "Ook gebruikt door" not in said
    ContactPointUse.objects.create(contact_point=point("+32470998877"), guardian=cast.guardians["dutch_mother"])
    Guardianship.objects.filter(guardian=cast.guardians["dutch_mother"]).update(pupil=cast.pupils["gurjot"])
    said = text_of(office.post(page, {"form": "contact", "contact-contact": "0470 99 88 77"}, follow=True))
    assert "Ook gebruikt door" not in said, "another school's parent"
