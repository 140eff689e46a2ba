"""The parents' own pages: each guardian finds the own notices, children and choices, and nothing of the other's."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.dates import WEEKDAYS
from django.utils.translation import override

from messaging.models import Answer, DeliveryStatus, Notice, NoticePupil, Thread
from messaging.services import reply
from messaging.tokens import make_token
from parents.models import (
    ConferenceRound,
    ConferenceSlot,
    ContactPoint,
    ContactPointUse,
    FollowUp,
    FollowUpKind,
    Guardian,
    Guardianship,
    PointKind,
    SlotStatus,
    Visibility,
)
from schools import clock
from schools.models import Assignment, AuditEntry, Enrolment
from tests.cast import Cast
from tests.messaging.notices_for_pages import delivery_to, once_more, sent
from tests.parents.frame import language_and_direction, text_of

OF_MOTHER = ("Nadia", "nadia@thuis.example", "+32470000002", "0470 00 00 02", "Haddadstraat 2")


@pytest.fixture(autouse=True)
def own_cache(settings: Any, tmp_path: Any) -> None:
    """Limits are counted for each test apart; text messages can be sent."""
    settings.SMS_DRIVER = "record"
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": tmp_path}
    }


@pytest.fixture
def notice(cast: Cast) -> Notice:
    return sent(cast)


@pytest.fixture
def father(cast: Cast) -> Client:
    return cast.guardian_client("separated_father")


def child_url(cast: Cast, key: str) -> str:
    return reverse("portal_child", args=[cast.pupils[key].pk])


def notice_url(notice: Notice, cast: Cast, key: str) -> str:
    return reverse("portal_notice", args=[delivery_to(notice, cast, key).pk])


@pytest.mark.parametrize("name", ["portal_home", "portal_choices"])
def test_a_visitor_is_asked_to_sign_in(db: None, client: Client, name: str) -> None:
    answer = client.get(reverse(name))
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"{reverse('guardian_sign_in')}?volgende={reverse(name)}"


def test_no_school_waits_for_an_answer_about_a_child_who_left(cast: Cast, notice: Notice, father: Client) -> None:
    assert "De school wacht op uw antwoord." in text_of(father.get(reverse("portal_home"), {"taal": "nl"}))
    Enrolment.objects.filter(pupil=cast.pupils["yusuf"]).update(ends_on=clock.today() - timedelta(days=1))
    page = text_of(father.get(reverse("portal_home"), {"taal": "nl"}))
    assert "De school wacht op uw antwoord." not in page
    assert notice_url(notice, cast, "separated_father") in page


def test_what_needs_an_answer_comes_first(cast: Cast, notice: Notice, father: Client) -> None:
    newer = sent(cast, place="turnzaal")
    father.post(notice_url(newer, cast, "separated_father"), {"answer": "yes"})
    page = text_of(father.get(reverse("portal_home"), {"taal": "nl"}))
    assert page.index(notice_url(notice, cast, "separated_father")) < page.index(
        notice_url(newer, cast, "separated_father")
    )
    assert "Ja, ik kom" in page


def test_a_notice_that_went_out_twice_stands_there_once(cast: Cast, notice: Notice, father: Client) -> None:
    notice.deliveries.update(status=DeliveryStatus.SENT)
    [again] = once_more(delivery_to(notice, cast, "separated_father"))
    page = text_of(father.get(reverse("portal_home")))
    assert page.count('href="/ouders/berichten/') == 1
    assert reverse("portal_notice", args=[again.pk]) in page


def test_answers_given_here_and_by_link_are_the_same(cast: Cast, notice: Notice, father: Client) -> None:
    url = notice_url(notice, cast, "separated_father")
    answer = father.post(url, {"answer": "yes_interpreter"})
    assert (answer.status_code, answer.headers["Location"]) == (303, url)
    row = Answer.objects.get()
    assert (row.guardian, row.key) == (cast.guardians["separated_father"], "yes_interpreter")


def test_each_separated_parent_opens_only_the_own_delivery(cast: Cast, notice: Notice, father: Client) -> None:
    hers = notice_url(notice, cast, "separated_mother")
    assert father.get(hers).status_code == 404
    assert father.post(hers, {"answer": "yes"}).status_code == 404
    assert not Answer.objects.exists()


def test_a_guardian_sees_nothing_of_the_other(cast: Cast, notice: Notice, father: Client) -> None:
    mother = cast.guardian_client("separated_mother")
    mother.post(notice_url(notice, cast, "separated_mother"), {"answer": "yes"})
    mother.post(notice_url(notice, cast, "separated_mother"), {"action": "question", "text": "Mag hij mee?"})
    _talk_with_mother_only(cast)
    urls = ["/ouders/", child_url(cast, "yusuf"), reverse("portal_choices")]
    for url in [*urls, notice_url(notice, cast, "separated_father")]:
        page = text_of(father.get(url))
        for word in (*OF_MOTHER, "Mag hij mee?", "Alleen met mama", 'aria-pressed="true"', "oudercontact van mama"):
            assert word not in page, (url, word)


def _talk_with_mother_only(cast: Cast) -> None:
    """An agreement and a meeting that are the mother's alone."""
    moment = cast.moments["gate"]
    moment.visibility, moment.agreement = Visibility.PARENT, "Alleen met mama afgesproken."
    moment.save()
    moment.pupils.set([cast.pupils["yusuf"]])
    moment.guardians.set([cast.guardians["separated_mother"]])
    _meeting(cast, "yusuf", "oudercontact van mama", cast.guardians["separated_mother"], days=3)


def _meeting(cast: Cast, pupil: str, name: str, guardian: Guardian | None, *, days: int) -> ConferenceSlot:
    day = clock.today() + timedelta(days=days)
    round_ = ConferenceRound.objects.create(
        school=cast.schools["kersenboom"], name=name, held_on=day, catch_up_until=day + timedelta(days=14)
    )
    return ConferenceSlot.objects.create(
        round=round_,
        pupil=cast.pupils[pupil],
        school_class=cast.classes["3b"],
        family=cast.families["haddad"],
        guardian=guardian,
        starts_at=datetime.combine(day, time(17, 0), tzinfo=ZoneInfo("Europe/Brussels")),
        status=SlotStatus.BOOKED,
    )


def test_the_childs_page_shows_class_team_meetings_and_agreements(cast: Cast, father: Client) -> None:
    _meeting(cast, "yusuf", "Oudercontact voor beiden", None, days=5)
    _meeting(cast, "yusuf", "Oudercontact van de herfst", cast.guardians["separated_father"], days=-100)
    moment = cast.moments["gate"]
    moment.visibility, moment.agreement = Visibility.PARENT, "Elke avond vijf minuten lezen."
    moment.save()
    moment.pupils.set([cast.pupils["yusuf"]])
    moment.guardians.set([cast.guardians["separated_father"]])
    page = text_of(father.get(child_url(cast, "yusuf")))
    for word in (
        "3B",
        "Lotte Claes",
        "011",
        "Oudercontact voor beiden",
        "Oudercontact van de herfst",
        "Elke avond vijf minuten lezen.",
        f"{reverse('portal_home')}?kind={cast.pupils['yusuf'].pk}",
    ):
        assert word in page, word


def test_lines_of_the_school_alone_are_not_there(cast: Cast, father: Client) -> None:
    for moment in cast.moments.values():
        moment.pupils.set([cast.pupils["yusuf"]])
    page = text_of(father.get(child_url(cast, "yusuf")))
    for key in ("gate", "care", "clb"):
        assert f"Line of the {key} layer." not in page


def test_somebody_elses_child_is_not_there(cast: Cast, father: Client) -> None:
    assert father.get(child_url(cast, "simran")).status_code == 404
    assert father.get("/ouders/", {"kind": cast.pupils["simran"].pk}).status_code == 404


def test_a_right_that_ended_closes_the_page(cast: Cast, notice: Notice, father: Client) -> None:
    Guardianship.objects.filter(guardian=cast.guardians["separated_father"]).update(information_right=False)
    assert father.get(child_url(cast, "yusuf")).status_code == 404
    assert father.get(notice_url(notice, cast, "separated_father")).status_code == 404
    assert "/ouders/berichten/" not in text_of(father.get("/ouders/"))


def test_who_may_no_longer_know_reads_so_in_the_own_language_and_finds_no_empty_heading(
    cast: Cast, notice: Notice, father: Client
) -> None:
    parent = cast.guardians["separated_father"]
    Guardian.objects.filter(pk=parent.pk).update(contact_language="ar")
    token = make_token(delivery_to(notice, cast, "separated_father"))
    Guardianship.objects.filter(guardian=parent).update(information_right=False)
    assert language_and_direction(father.get(reverse("token_notice", args=[token]))) == ("ar", "rtl")
    assert 'id="children"' not in text_of(father.get(reverse("portal_home")))
    assert "De leerkracht wil met u praten" not in text_of(father.get(reverse("portal_bookings"), {"taal": "nl"}))


def test_the_page_turns_at_once(cast: Cast) -> None:
    mother = cast.guardian_client("mother")
    for code, frame in (("ar", ("ar", "rtl")), ("prs", ("fa-AF", "rtl")), ("nl", ("nl-BE", "ltr"))):
        page = mother.post(reverse("portal_choices"), {"form": "language", "language-language": code}, follow=True)
        assert language_and_direction(page) == frame
        assert Guardian.objects.get(pk=cast.guardians["mother"].pk).contact_language == code
    assert AuditEntry.objects.filter(verb="chose language", guardian_id=cast.guardians["mother"].pk).count() == 3


def test_an_unknown_language_is_refused(cast: Cast) -> None:
    mother = cast.guardian_client("mother")
    page = mother.post(reverse("portal_choices"), {"form": "language", "language-language": "xx"})
    assert page.status_code == 200
    assert Guardian.objects.get(pk=cast.guardians["mother"].pk).contact_language == "pa"


def test_reading_and_way_are_chosen(cast: Cast) -> None:
    mother, row = cast.guardian_client("mother"), cast.guardians["mother"]
    for way, stored in (("SMS", "SMS"), ("any", "")):
        mother.post(
            reverse("portal_choices"),
            {"form": "reading", "reading-reading_mode": "EASY_TEXT", "reading-preferred_channel": way},
        )
        row.refresh_from_db()
        assert (row.reading_mode, row.preferred_channel) == ("EASY_TEXT", stored)


def test_a_new_number_is_asked_of_each_school_and_not_changed(cast: Cast) -> None:
    mother = cast.guardian_client("mother")
    before = list(ContactPoint.objects.values_list("pk", "value"))
    for _again in range(2):
        mother.post(reverse("portal_choices"), {"form": "contact", "contact-contact": "0470 99 88 77"})
    assert list(ContactPoint.objects.values_list("pk", "value")) == before
    asked = FollowUp.objects.filter(kind=FollowUpKind.CONTACT_DATA, guardian=cast.guardians["mother"])
    assert {row.school_id for row in asked} == {
        enrolment.school_id for key in ("simran", "gurjot") for enrolment in cast.pupils[key].enrolments.all()
    }
    assert len(asked) == 2
    assert all("0470 99 88 77" in row.what and row.pupil.guardianships.exists() for row in asked)  # type: ignore[union-attr]


def test_what_was_asked_stands_there_until_the_school_decided(cast: Cast) -> None:
    mother, other = cast.guardian_client("mother"), cast.guardian_client("separated_father")
    mother.post(reverse("portal_choices"), {"form": "contact", "contact-contact": "0470 99 88 77"})
    pages = [client.get(reverse("portal_choices"), {"taal": "nl"}).content.decode() for client in (mother, other)]
    assert ["0470 99 88 77" in page for page in pages] == [True, False]
    assert "Iemand van de school neemt contact met u op." in pages[0]
    task = FollowUp.objects.filter(kind=FollowUpKind.CONTACT_DATA, guardian=cast.guardians["mother"])[0]
    cast.client("head").post(reverse("contact_decided", args=[task.pk]), {"decision": "keep"})
    assert "0470 99 88 77" not in mother.get(reverse("portal_choices")).content.decode()


def test_two_addresses_at_one_provider_can_be_told_apart(cast: Cast) -> None:
    """Masked, both read alike: the wrong one would be given up."""
    father = cast.guardians["separated_father"]
    values = ("karim.een@post.example", "karim.twee@post.example", "+32470778899")
    for value in values:
        kind = PointKind.EMAIL if "@" in value else PointKind.PHONE
        point = ContactPoint.objects.create(kind=kind, value=value, valid_from=clock.today(), verified_on=clock.today())
        ContactPointUse.objects.create(contact_point=point, guardian=father)
    page = text_of(cast.guardian_client("separated_father").get(reverse("portal_choices")))
    asked = page[page.index("contact-replaces") :]
    for shown in (*values[:2], "0470 77 88 99"):
        assert f'<bdi dir="ltr">{shown}</bdi>' in asked.replace("<wbr>", "")
    assert "•••" not in asked


def test_who_moved_house_reads_whom_to_call(cast: Cast) -> None:
    mother = cast.guardian_client("mother")
    street = {"form": "contact", "contact-contact": "Stationsstraat 4, Sint-Truiden"}
    page = text_of(mother.post(f"{reverse('portal_choices')}?taal=nl", street))
    assert "Typ een e-mailadres of een telefoonnummer." in page
    assert "Bent u verhuisd? Bel de school." in page


def test_a_new_number_that_lacks_a_digit_is_said_and_not_asked(cast: Cast) -> None:
    """The school would call nobody, and the parent would believe that it knows the number."""
    mother = cast.guardian_client("mother")
    answer = mother.post(reverse("portal_choices"), {"form": "contact", "contact-contact": "0470 99 88 7"})
    assert "ਇਹ ਨੰਬਰ ਠੀਕ ਨਹੀਂ ਹੈ" in answer.content.decode()
    assert not FollowUp.objects.filter(kind=FollowUpKind.CONTACT_DATA, guardian=cast.guardians["mother"]).exists()


def test_what_is_wrong_with_a_number_has_the_place_to_which_the_form_was_sent(cast: Cast) -> None:
    """A browser that opens a page at a place gives the focus to it, if it can have it, and else to nothing."""
    mother, address = cast.guardian_client("mother"), reverse("portal_choices")
    place = re.compile(r'<(\w+)[^>]*\sid="gegevens"[^>]*>')
    assert place.findall(mother.get(address).content.decode()) == ["form"]
    page = mother.post(address, {"form": "contact", "contact-contact": ""}).content.decode()
    assert 'action="#gegevens"' in page
    assert place.findall(page) == ["div"]
    shown = place.search(page)
    assert shown is not None
    assert {'role="alert"', 'tabindex="-1"'} <= set(shown[0].split())


def test_forms_do_not_take_other_fields(cast: Cast) -> None:
    mother, row = cast.guardian_client("mother"), cast.guardians["mother"]
    mother.post(
        reverse("portal_choices"),
        {"form": "language", "language-language": "fr", "may_be_contacted": "", "reading-reading_mode": "ORAL_ONLY"},
    )
    row.refresh_from_db()
    assert (row.contact_language, row.reading_mode, row.may_be_contacted) == ("fr", "TEXT", True)


def test_choices_need_their_proof(cast: Cast) -> None:
    mother = cast.guardian_client("mother", enforce_csrf_checks=True)
    assert mother.post(reverse("portal_choices"), {"form": "language"}).status_code == 403
    assert mother.post(reverse("guardian_sign_out")).status_code == 403


def test_a_conversation_stands_with_its_notice(cast: Cast, notice: Notice, father: Client) -> None:
    url = notice_url(notice, cast, "separated_father")
    father.post(url, {"action": "question", "text": "هل يمكنني أن آتي لاحقاً؟"})
    reply(thread=Thread.objects.get(), by=cast.staff["teacher_3b"], text="Om zes uur is ook goed.")
    page = text_of(father.get(url))
    assert "هل يمكنني أن آتي لاحقاً؟" in page
    assert "Om zes uur is ook goed." in page


def test_looking_changes_nothing_but_the_session(cast: Cast, notice: Notice, father: Client) -> None:
    urls = ["/ouders/", child_url(cast, "yusuf"), reverse("portal_choices")]
    with CaptureQueriesContext(
        connection,
    ) as queries:
        for url in [*urls, notice_url(notice, cast, "separated_father")]:
            assert father.get(url).status_code == 200
    written = [row["sql"] for row in queries if row["sql"].split()[0] in ("INSERT", "UPDATE", "DELETE")]
    assert [sql for sql in written if "schools_session" not in sql] == []


def test_many_notices_cost_no_more_than_two(cast: Cast, father: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert father.get("/ouders/").status_code == 200
        return len(seen)

    sent(cast)
    sent(cast)
    few = queries()
    for _number in range(8):
        sent(cast)
    assert queries() == few


def test_a_notice_about_a_sibling_only_is_told_of_that_child(cast: Cast, notice: Notice) -> None:
    mother = cast.guardian_client("mother")
    url = notice_url(notice, cast, "mother")
    assert NoticePupil.objects.filter(notice=notice, pupil=cast.pupils["simran"]).exists()
    assert url in text_of(mother.get("/ouders/", {"kind": cast.pupils["simran"].pk}))
    assert url not in text_of(mother.get("/ouders/", {"kind": cast.pupils["gurjot"].pk}))


def test_staff_do_not_come_in_by_this_door(cast: Cast) -> None:
    assert cast.client("teacher_3b").get("/ouders/").status_code == 302


@pytest.mark.parametrize(("code", "comma"), [("ar", "، "), ("nl", ", ")])
def test_the_days_of_a_teacher_have_the_comma_of_the_script(cast: Cast, father: Client, code: str, comma: str) -> None:
    Assignment.objects.filter(user=cast.staff["teacher_3b"]).update(works_on="12")
    page = text_of(father.get(child_url(cast, "yusuf"), {"taal": code}))
    with override(code):
        first, second = (str(WEEKDAYS[day]) for day in (0, 1))
    assert f"<bdi>{first}</bdi>{comma}<bdi>{second}</bdi>" in page
