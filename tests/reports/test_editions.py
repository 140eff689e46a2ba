"""Editions and the website of the draaiboek: frozen with their evidence, found by search engines, without anybody."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from messaging.content import load_templates
from messaging.models import NoticeTemplate
from parents.models import ContactMoment
from reports.beforeafter import comparisons, sentence
from reports.edition import NothingChangedError, freeze_edition, publication_findings
from reports.evaluation.counting import Counting, Windows
from reports.evaluation.tables import BUILDERS
from reports.evidence import published_uses, uses_of_methods
from reports.models import EditionPage, MethodAdoption, PlannerStep, PlaybookEdition
from reports.packaging import read
from reports.planner.loading import load_planner
from reports.publication import findings_in
from schools import clock
from schools.models import Method, Session
from schools.reference import load_methods
from tests.cast import Cast
from tests.reports.conftest import grow

pytestmark = pytest.mark.django_db


@pytest.fixture
def card(db: None) -> Method:
    load_methods()
    load_planner()
    return Method.objects.get(slug="good-news-call")


def use_with(card: Method, cast: Cast, families: int, start: int = 1) -> None:
    """So many families of 3B were called, all before the month that runs now."""
    grow(cast, "3b", "nl", families, reached=families, start=cast.year.starts_on)
    ContactMoment.objects.filter(kind="PHONE").update(method=card)


def test_an_edition_keeps_pages_checksums_and_evidence_in_three_languages(card: Method, cast: Cast) -> None:
    use_with(card, cast, 7)
    edition = freeze_edition(cast.staff["joint"])
    assert {page.language for page in edition.pages.all()} == {"nl", "fr", "en"}
    page = edition.pages.get(language="fr")
    frozen = next(one for one in page.content["cards"] if one["slug"] == card.slug)
    assert frozen["use"] == {"schools": 1, "times": 7, "families": 7}
    assert frozen["evidence"]["text"].startswith("Utilisé")
    with pytest.raises(DatabaseError), transaction.atomic():
        EditionPage.objects.update(html="")


def test_the_day_on_the_cover_is_that_of_the_edition(card: Method) -> None:
    """An invented town says when it was: the list of editions and the booklet name one day."""
    edition = freeze_edition(at=clock.now() - timedelta(days=9))
    day = edition.frozen_at.astimezone(clock.BRUSSELS).date()
    page = edition.pages.get(language="nl")
    assert page.content["date"] == day.isoformat()
    assert page.content["cover_lines"][-1].startswith(f"{day.day}\u00a0")


def test_the_page_of_an_edition_does_not_change_when_everything_else_does(card: Method, cast: Cast) -> None:
    freeze_edition()
    client = Client()
    address = reverse("edition_page", args=["nl", 1])
    before = client.get(address).content
    Method.objects.update(title_nl="Iets anders", aim_nl="Anders")
    MethodAdoption.objects.create(method=card, school=cast.schools["bloesem"], status="IN_USE", since=clock.today())
    assert client.get(address).content == before
    assert "Goednieuwstelefoontje" in before.decode()


def test_the_file_of_an_edition_has_the_checksum_that_the_list_shows(card: Method) -> None:
    freeze_edition()
    client = Client()
    data = client.get(reverse("edition_content", args=["en", 1])).content
    shown = client.get(reverse("edition_list")).content.decode()
    assert hashlib.sha256(data).hexdigest() in shown
    assert json.loads(data)["cards"]
    assert "CC-BY-4.0" in shown


def test_public_evidence_is_that_of_the_last_edition(card: Method, cast: Cast) -> None:
    use_with(card, cast, 6)
    freeze_edition()
    use_with(card, cast, 9)
    assert published_uses()[card.pk].families == 6
    freeze_edition()
    assert published_uses()[card.pk].families == 15


def test_the_package_of_an_edition_tells_the_same_as_its_pages(card: Method, cast: Cast) -> None:
    use_with(card, cast, 6)
    freeze_edition()
    use_with(card, cast, 3)
    packed = read(bytes(freeze_edition().package)).contents["cards"]
    told = {entry["key"]: entry["evidence"] for entry in packed}
    pages = EditionPage.objects.get(edition__number=2, language="nl").content["cards"]
    assert told == {entry["slug"]: entry["use"] for entry in pages}
    assert told[card.slug]["families"] == 6


def test_no_two_editions_tell_of_a_few_families_between_them(card: Method, cast: Cast) -> None:
    use_with(card, cast, 6)
    freeze_edition()
    use_with(card, cast, 3)
    freeze_edition()
    assert published_uses()[card.pk].families == 6


def test_before_the_first_edition_evidence_ends_with_last_month(card: Method, cast: Cast) -> None:
    use_with(card, cast, 8)
    ContactMoment.objects.filter(method=card).update(held_on=clock.today().replace(day=1))
    assert published_uses()[card.pk].families == 0


def test_the_evaluation_counts_the_use_of_a_card_until_the_same_day(card: Method, cast: Cast) -> None:
    """Else the two side by side would tell of the few families of this month."""
    assert cast.project is not None
    use_with(card, cast, 7)
    grow(cast, "3b", "nl", 2, reached=2, start=clock.today())
    ContactMoment.objects.filter(kind="PHONE").update(method=card)
    counting = Counting(cast.project, Windows.of(cast.project, clock.today()))
    rows = {row[0]: row for row in BUILDERS["M1"](counting)["table"]["rows"]}
    assert uses_of_methods()[card.pk].times == 9
    assert rows[card.title][3] == "7"


def test_the_evaluation_says_of_a_card_that_it_is_proven_elsewhere_only(card: Method, cast: Cast) -> None:
    """Its rule speaks of schools and families here: a state that the card brought along would be read as theirs."""
    assert cast.project is not None
    letter = Method.objects.get(slug="plain-language-letter")
    for name, is_origin in (("kersenboom", True), ("bloesem", False)):
        facts = {"status": "EMBEDDED", "since": clock.today(), "is_origin": is_origin}
        MethodAdoption.objects.create(method=letter, school=cast.schools[name], **facts)
    counting = Counting(cast.project, Windows.of(cast.project, clock.today()))
    table = BUILDERS["M1"](counting)["table"]
    rows = {row[0]: row[1] for row in table["rows"]}
    assert rows[letter.title] == "verankerd"
    assert rows[Method.objects.get(slug="warm-welcome").title] == "beproefd (elders)"
    assert table["note"].startswith("Geteld in alle scholen van het portaal, ")
    assert " Elders: " in table["note"]


def test_without_like_windows_schools_or_families_it_says_why_there_is_no_before_and_after(
    card: Method, cast: Cast
) -> None:
    assert cast.project is not None
    autumn = cast.year.starts_on + timedelta(days=40)
    found, told = comparisons(cast.project, autumn)
    assert {one.why for one in found.values()} == {"windows"}
    spring = cast.year.starts_on + timedelta(days=260)
    found, told = comparisons(cast.project, spring)
    assert found[card.pk].why == "schools"
    assert found[Method.objects.get(slug="coffee-moment").pk].why == "indicator"
    taken_up = cast.year.starts_on + timedelta(days=100)
    MethodAdoption.objects.create(method=card, school=cast.schools["bloesem"], status="IN_USE", since=taken_up)
    found, told = comparisons(cast.project, spring)
    assert found[card.pk].why == "families"
    assert told == []
    assert all(sentence(one.as_content()) for one in found.values())


def test_a_comparison_of_enough_families_is_told_with_its_numbers(card: Method, cast: Cast) -> None:
    assert cast.project is not None
    start = cast.year.starts_on
    grow(cast, "go2", "nl", 40, reached=20, start=start)
    grow(cast, "3b", "nl", 40, reached=20, start=start)
    spring = start + timedelta(days=260)
    MethodAdoption.objects.create(
        method=card, school=cast.schools["bloesem"], status="IN_USE", since=start + timedelta(days=100)
    )
    found, told = comparisons(cast.project, spring)
    one = found[card.pk]
    assert one.before is not None
    assert one.before.N is not None
    assert one.before.N >= 30
    words = sentence(one.as_content())
    assert str(one.before.N) in words
    assert "Die school deed ook andere dingen" in words
    assert "Die scholen deden ook andere dingen" in sentence({**one.as_content(), "schools": 2})
    assert told == [[cast.schools["bloesem"].pk]]


def test_a_group_of_schools_that_would_point_at_a_few_is_not_told(card: Method, cast: Cast) -> None:
    """With the figure of the whole project, that of De Bloesem tells that of De Kersenboom: a handful of families."""
    assert cast.project is not None
    start = cast.year.starts_on
    grow(cast, "go2", "nl", 40, reached=20, start=start)
    MethodAdoption.objects.create(
        method=card, school=cast.schools["bloesem"], status="IN_USE", since=start + timedelta(days=100)
    )
    found, _told = comparisons(cast.project, start + timedelta(days=260))
    assert found[card.pk].why == "small"


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
def test_every_page_has_an_address_of_its_own_in_each_language(card: Method, client: Client, language: str) -> None:
    for name, arguments in (("playbook_in", []), ("method_card_in", [card.slug])):
        address = reverse(name, args=[language, *arguments])
        page = client.get(address, headers={"accept-language": "ar"})
        shown = page.content.decode()
        assert f'<link rel="canonical" href="{settings.SITE_URL}{address}">' in shown
        assert shown.count('rel="alternate"') == 4
        assert 'hreflang="x-default"' in shown
        assert page.headers["Cache-Control"].startswith("public")
        assert page.headers["Content-Language"].startswith(language)
    assert Session.objects.count() == 0


def test_another_language_chosen_in_the_corner_leads_to_its_address(card: Method, client: Client) -> None:
    here = reverse("method_card_in", args=["fr", card.slug])
    assert client.get(f"{here}?taal=en").headers["Location"] == reverse("method_card_in", args=["en", card.slug])
    assert client.get(f"{here}?taal=ar").headers["Location"] == f"{reverse('method_card', args=[card.slug])}?taal=ar"


def test_search_engines_find_the_draaiboek_and_nothing_else(card: Method, client: Client) -> None:
    freeze_edition()
    robots = client.get("/robots.txt").content.decode()
    assert "Allow: /draaiboek/" in robots
    assert "Disallow: /" in robots.splitlines()
    assert reverse("sitemap") in robots
    places = re.findall(r"<loc>([^<]+)</loc>", client.get("/sitemap.xml").content.decode())
    assert len(places) == len(set(places)) == 3 * 13 + 1 + 3
    for place in places:
        assert place.startswith(f"{settings.SITE_URL}/draaiboek/")
        assert client.get(place.removeprefix(settings.SITE_URL)).status_code == 200


def test_the_joint_worker_sees_the_places_that_stand_in_the_way_and_publishes(card: Method, cast: Cast) -> None:
    joint, page = cast.client("joint"), reverse("edition_new")
    card.card = {**card.card, "privacy": "Bel Harpreet Kaur op 0470 12 34 56."}
    card.save()
    shown = joint.get(page).content.decode()
    assert "good-news-call › nl › privacy" in shown
    assert joint.post(page).status_code == 422
    assert not PlaybookEdition.objects.exists()
    card.card = {**card.card, "privacy": "Bel."}
    card.save()
    assert 'name="after"' in joint.get(page).content.decode()
    assert joint.post(page, {"after": "0"}).status_code == 302
    assert joint.post(page, {"after": "0"}).status_code == 422, "pressed twice it is one"
    assert PlaybookEdition.objects.get().pages.count() == 3


@pytest.fixture
def publisher(card: Method, cast: Cast) -> Client:
    """The joint worker, who has just brought out the first edition."""
    joint = cast.client("joint")
    assert joint.post(reverse("edition_new"), {"after": ""}).status_code == 302
    return joint


def test_the_button_pressed_twice_brings_out_one_edition(card: Method, publisher: Client) -> None:
    """An edition is for everybody and for good: who goes back and presses again is told, and brings out no other."""
    joint, page = publisher, reverse("edition_new")
    again = joint.post(page, {"after": ""})
    assert again.status_code == 422
    assert "kwam net een uitgave uit" in again.content.decode()
    assert PlaybookEdition.objects.count() == 1
    assert 'name="after" value="1"' in " ".join(joint.get(page).content.decode().split())
    Method.objects.filter(pk=card.pk).update(aim_nl="Iets anders")
    assert joint.post(page, {"after": "1"}).status_code == 302
    assert PlaybookEdition.objects.count() == 2


def test_an_edition_that_says_nothing_new_is_asked_for_twice(publisher: Client) -> None:
    joint, page = publisher, reverse("edition_new")
    asked = joint.post(page, {"after": "1"})
    assert asked.status_code == 422
    assert "Er is niets veranderd sinds de nieuwste uitgave" in asked.content.decode()
    assert 'name="same" value="1"' in " ".join(asked.content.decode().split())
    assert PlaybookEdition.objects.count() == 1
    assert joint.post(page, {"same": "1"}).status_code == 302
    assert joint.post(page, {"same": "1"}).status_code == 422, "pressed twice it is one"
    assert PlaybookEdition.objects.count() == 2


@pytest.mark.parametrize("changed", ["card", "template", "step"])
def test_whatever_an_edition_or_its_package_carries_makes_a_new_one(card: Method, changed: str) -> None:
    load_templates()
    freeze_edition()
    tomorrow = clock.now() + timedelta(days=1)
    with time_machine.travel(tomorrow, tick=False), pytest.raises(NothingChangedError):
        freeze_edition(only_changed=True)
    if changed == "card":
        Method.objects.filter(pk=card.pk).update(title_fr="Autre chose")
    elif changed == "template":
        NoticeTemplate.objects.filter(slug="school-trip-consent").update(title_nl="Iets anders")
    else:
        step = PlannerStep.objects.filter(is_current=True).first()
        assert step is not None
        PlannerStep.objects.filter(pk=step.pk).update(words={**step.words, "nl": {"title": "Iets anders"}})
    assert freeze_edition(only_changed=True).number == 2


def test_a_colleague_is_named_only_after_agreeing_on_the_own_page(card: Method, cast: Cast) -> None:
    text = {"x": "Lotte Claes bedacht deze fiche."}
    assert findings_in(text)
    teacher, page = cast.client("teacher_3b"), reverse("own_name")
    teacher.post(page, {"agree": "1"})
    assert not findings_in(text)
    assert findings_in({"x": "Harpreet Kaur bedacht deze fiche."})
    assert "mag het draaiboek je noemen" in teacher.get(page).content.decode()
    teacher.post(page)
    assert findings_in(text)


@pytest.mark.parametrize(
    "text",
    ["3 gezinnen kwamen.", "8 van de 10 ouders kwamen.", "1 op de 40 kinderen", "4 familles", "18 of the 20 families",
     "2 parents came."],
)  # fmt: skip
def test_a_number_of_one_to_four_people_is_found(cast: Cast, text: str) -> None:
    assert findings_in({"x": text}, small_numbers=True)


@pytest.mark.parametrize(
    "text",
    ["12 gezinnen", "7 van de 20 ouders", "Vraag twee ouders.", "3 fiches", "1.204 gezinnen", "klas 3, 20 ouders"],
)
def test_other_numbers_are_not(cast: Cast, text: str) -> None:
    assert not findings_in({"x": text}, small_numbers=True)


def test_a_family_s_address_and_a_national_number_are_found(cast: Cast) -> None:
    home = cast.guardians["mother"].household
    assert home is not None
    street = home.street
    assert findings_in({"x": f"Ze woont in de {street.upper()}."})
    assert findings_in({"x": "85.07.30-033.28"})
    assert not findings_in({"x": f"De {street.split()[0]} is lang."})


def test_notices_and_steps_that_go_along_are_looked_through_too(card: Method, cast: Cast) -> None:
    load_templates()
    assert publication_findings() == []
    NoticeTemplate.objects.filter(slug="coffee-morning").update(body_fr="Appelez Harpreet Kaur.")
    PlannerStep.objects.filter(key="baseline").update(words={"nl": "Vraag Lotte Claes."})
    places = {finding.place for finding in publication_findings()}
    assert places == {"bericht › coffee-morning › fr › body", "jaarplanner › baseline › nl"}
