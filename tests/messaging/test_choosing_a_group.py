"""The compose page: the own class first, every other group behind one tap, and no group of somebody else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from messaging.models import Notice
from messaging.models.notices import AudienceKind
from parents.models import Attendance, ConferenceRound, ConferenceSlot, FamilyMembership, Gathering
from schools import clock
from tests import factories as make
from tests.cast import Cast
from tests.messaging.notices_for_pages import filled_in, sent, template

pytestmark = pytest.mark.django_db
COFFEE = "/school/berichten/nieuw/coffee-morning/"
TRIP = "/school/berichten/nieuw/school-trip-consent/"


@pytest.fixture(autouse=True)
def _templates(cast: Cast) -> None:
    template()


def fields(cast: Cast, **more: Any) -> dict[str, Any]:
    return filled_in(cast, activity="opvoeden", **more)


def gathering(cast: Cast, *families: str, school: str = "kersenboom") -> Gathering:
    row = Gathering.objects.create(
        school=cast.schools[school],
        kind="COFFEE_MOMENT",
        title="Koffie op school",
        place="refter",
        starts_at=clock.now(),
    )
    for name in families:
        Attendance.objects.create(gathering=row, family=cast.families[name])
    return row


def round_of(cast: Cast, school: str, room: str, *pupils: str) -> ConferenceRound:
    row = ConferenceRound.objects.create(
        school=cast.schools[school], name="Herfstronde", held_on=clock.today(), catch_up_until=clock.today()
    )
    for name in pupils:
        ConferenceSlot.objects.create(round=row, pupil=cast.pupils[name], school_class=cast.classes[room])
    return row


def test_a_teacher_of_one_class_finds_it_chosen(cast: Cast) -> None:
    page = cast.client("teacher_3b").get(COFFEE).context["form"]
    assert page.initial["audience"] == f"class:{cast.classes['3b'].pk}"
    assert not page.opens_groups
    assert not page.opens_more


@pytest.mark.parametrize("key", ["head", "joint"])
def test_who_sees_a_school_chooses_a_year_group(cast: Cast, key: str) -> None:
    school = cast.schools["kersenboom"]
    browser = cast.client(key)
    assert "3e leerjaar" in browser.get(COFFEE).content.decode()
    assert browser.post(COFFEE, fields(cast, audience="", group=f"level:{school.pk}:L3")).status_code == 302
    notice = Notice.objects.get()
    assert (notice.audience, notice.level, notice.school) == (AudienceKind.LEVEL, "L3", school)


def test_the_group_counts_instead_of_the_class(cast: Cast) -> None:
    coffee = gathering(cast, "haddad")
    browser = cast.client("teacher_3b")
    assert "Koffie op school" in browser.get(COFFEE).content.decode()
    assert browser.post(COFFEE, fields(cast, group=f"gathering:{coffee.pk}")).status_code == 302
    assert Notice.objects.get().gathering == coffee


def test_a_link_from_a_family_chooses_that_family(cast: Cast) -> None:
    family = f"family:{cast.families['haddad'].pk}"
    browser = cast.client("teacher_3b")
    cards = browser.get(reverse("notice_new"), {"aan": family}).content.decode()
    assert f"coffee-morning/?aan=family%3A{cast.families['haddad'].pk}" in cards
    page = browser.get(COFFEE, {"aan": family})
    assert "Yusuf" in page.content.decode()
    assert page.context["form"].opens_groups
    assert browser.post(COFFEE, fields(cast, audience="", group=family)).status_code == 302
    notice = Notice.objects.get()
    assert (notice.family, notice.school_class) == (cast.families["haddad"], cast.classes["3b"])


def test_a_link_from_a_class_chooses_that_class(cast: Cast) -> None:
    room = cast.classes["3b"]
    browser = cast.client("head")
    address = f"{reverse('notice_new')}?aan=class:{room.pk}"
    assert address in browser.get(reverse("class_detail", args=[room.pk])).content.decode()
    assert f"coffee-morning/?aan=class%3A{room.pk}" in browser.get(address).content.decode()
    assert browser.get(f"{COFFEE}?aan=class:{room.pk}").context["form"].initial["audience"] == f"class:{room.pk}"


@pytest.mark.parametrize(
    ("kind", "words"), [("unreached", "Niet bereikt: "), ("unanswered", "Niet beantwoord: "), ("family", "Yusuf")]
)
def test_before_a_template_is_chosen_it_says_for_whom(cast: Cast, kind: str, words: str) -> None:
    """Only what may go to them is offered: another form would begin with nobody, and soon with the whole class."""
    earlier = sent(cast)
    Notice.objects.filter(pk=earlier.pk).update(school_class=None, audience=AudienceKind.SCHOOL)
    group = f"{kind}:{cast.families['haddad'].pk if kind == 'family' else earlier.pk}"
    browser = cast.client("teacher_3b")
    page = browser.get(reverse("notice_new"), {"aan": group})
    assert words in page.context["for_whom"]
    assert page.context["for_whom"].replace("&", "&amp;") in page.content.decode()
    offered = [card.template.slug for found in page.context["groups"] for card in found.cards]
    for slug in offered:
        form = browser.get(reverse("notice_compose", args=[slug]), {"aan": group}).context["form"]
        assert form.book.read(form.initial["group"]), slug
    assert ("absence-please-call" in offered) is (kind == "family")
    assert "parent-meeting-round" not in offered


@pytest.mark.parametrize("group", ["unreached:999999", "family:1x", "niets", "class:"])
def test_a_group_that_cannot_be_addressed_is_none(cast: Cast, group: str) -> None:
    page = cast.client("teacher_3b").get(reverse("notice_new"), {"aan": group})
    assert (page.context["for_whom"], "coffee-morning/?aan=" in page.content.decode()) == ("", False)
    assert "absence-please-call" in page.content.decode()


@pytest.mark.parametrize("kind", ["unreached", "unanswered"])
def test_those_whom_an_earlier_notice_missed(cast: Cast, kind: str) -> None:
    earlier = sent(cast)
    group = f"{kind}:{earlier.pk}"
    browser = cast.client("teacher_3b")
    assert group in browser.get(COFFEE).content.decode()
    assert browser.post(COFFEE, fields(cast, group=group)).status_code == 302
    notice = Notice.objects.latest("pk")
    assert (notice.audience, notice.earlier) == (kind.upper(), earlier)


def test_children_are_picked_from_a_year_group(cast: Cast) -> None:
    school = cast.schools["kersenboom"]
    group = f"level:{school.pk}:L1"
    browser = cast.client("head")
    part = browser.post(COFFEE, {"group": group}, headers={"HX-Request": "true"}).content.decode()
    assert "1A · Emma Peeters" in part
    assert "Yusuf" not in part
    emma = cast.pupils["emma"]
    assert browser.post(COFFEE, fields(cast, audience="", group=group, pupils=[emma.pk])).status_code == 302
    picked = Notice.objects.get().notice_pupils.get()
    assert (picked.pupil, picked.school_class) == (emma, cast.classes["1a"])


def test_one_language_narrows_the_group(cast: Cast) -> None:
    browser = cast.client("teacher_3b")
    assert browser.post(COFFEE, fields(cast, languages=["pa"])).status_code == 302
    assert Notice.objects.get().contact_languages == ["pa"]
    assert browser.post(COFFEE, fields(cast, languages=["xx"])).status_code == 422


def test_a_template_that_names_the_class_goes_to_one_class(cast: Cast) -> None:
    school, browser = cast.schools["kersenboom"], cast.client("head")
    typed = fields(cast, audience="", deadline=clock.today().isoformat(), amount="5")
    assert browser.post(TRIP, typed | {"group": f"level:{school.pk}:L3"}).status_code == 422
    family = f"family:{cast.families['haddad'].pk}"
    assert browser.post(TRIP, typed | {"group": family}).status_code == 302
    assert "3B" in Notice.objects.get().texts.get(language="nl").body


def test_a_draft_may_go_to_another_group(cast: Cast) -> None:
    browser = cast.client("teacher_3b")
    browser.post(COFFEE, fields(cast))
    notice = Notice.objects.get()
    address = reverse("notice_edit", args=[notice.pk])
    family = f"family:{cast.families['kaur'].pk}:{cast.schools['kersenboom'].pk}"
    assert browser.post(address, fields(cast, group=family)).status_code == 302
    notice.refresh_from_db()
    assert (notice.audience, notice.family) == (AudienceKind.FAMILY, cast.families["kaur"])
    assert browser.get(address).context["form"].initial["group"] == family


def test_a_family_is_called_by_the_children_who_are_in_it_now(cast: Cast) -> None:
    family, yusuf = cast.families["kaur"], cast.pupils["yusuf"]
    FamilyMembership.objects.create(family=family, pupil=yusuf, starts_on=make.LONG_AGO, ends_on=make.LONG_AGO)
    page = cast.client("teacher_3b").get(f"{COFFEE}?aan=family:{family.pk}:{cast.schools['kersenboom'].pk}")
    labels = dict(page.context["form"].fields["group"].choices[1][1])
    assert list(labels.values()) == ["Het gezin van Simran"]


def test_somebody_elses_group_is_refused_in_every_field(cast: Cast) -> None:
    """Nobody's group, however it is written: not of another class, school or family, not the other school's notice."""
    foreign_notice = sent(cast, author="teacher_1a", room="1a")
    theirs = gathering(cast, "kaur", school="bloesem")
    rounds = round_of(cast, "bloesem", "go2", "gurjot")
    school, other = cast.schools["kersenboom"], cast.schools["bloesem"]
    before = Notice.objects.count()
    groups = [
        f"class:{cast.classes['1a'].pk}",
        f"class:{cast.classes['go2'].pk}",
        f"school:{school.pk}",
        f"school:{other.pk}",
        f"level:{school.pk}:L3",
        f"level:{other.pk}:L2",
        f"family:{cast.families['peeters'].pk}",
        f"family:{cast.families['kaur'].pk}:{other.pk}",
        f"gathering:{theirs.pk}",
        f"round:{rounds.pk}",
        f"unreached:{foreign_notice.pk}",
        f"unanswered:{foreign_notice.pk}",
        "unreached:²",
        "class:" + "9" * 40,
        "read:1",
        "family",
        "level:1",
    ]
    browser = cast.client("teacher_3b")
    for name in ("audience", "group"):
        for group in groups:
            posted = fields(cast, audience="") | {name: group}
            assert browser.post(COFFEE, posted).status_code == 422, (name, group)
    for group in groups:
        assert browser.get(COFFEE, {"aan": group}).status_code == 200
    picked = fields(cast, pupils=[cast.pupils["emma"].pk])
    assert browser.post(COFFEE, picked).status_code == 422
    assert Notice.objects.count() == before


def test_a_foreign_gathering_holds_none_of_the_own_class(cast: Cast) -> None:
    """The round of the own school is offered to its teacher only when own pupils have a place in it."""
    round_of(cast, "kersenboom", "1a", "emma")
    assert "Herfstronde" not in cast.client("teacher_3b").get(COFFEE).content.decode()
    assert "Herfstronde" in cast.client("teacher_1a").get(COFFEE).content.decode()


def test_old_gatherings_are_not_offered(cast: Cast) -> None:
    old = gathering(cast, "haddad")
    Gathering.objects.filter(pk=old.pk).update(starts_at=clock.now() - timedelta(days=200))
    assert "Koffie op school" not in cast.client("teacher_3b").get(COFFEE).content.decode()
