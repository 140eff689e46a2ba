"""The draaiboek is everybody's: public, in three languages, with evidence and without a person in it."""

from __future__ import annotations

import re

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import gettext, override

from parents.models import ContactMoment
from reports.edition import NotPublishableError, freeze_edition, publication_findings
from reports.evidence import evidence_text, uses_of_methods
from reports.models import MethodAdoption, PlaybookEdition
from reports.playbook import cards
from reports.publication import findings_in
from schools.models import Method, Session
from schools.reference import load_methods
from tests.cast import Cast
from tests.reports.conftest import grow, words_of


@pytest.fixture
def methods(db: None) -> list[Method]:
    load_methods()
    return list(Method.objects.all())


def card_url(slug: str = "good-news-call", query: str = "") -> str:
    return reverse("method_card", args=[slug]) + query


def test_a_stranger_reads_it_without_account_cookie_or_session(methods: list[Method], client: Client) -> None:
    for url in (reverse("playbook"), *(card_url(method.slug) for method in methods)):
        page = client.get(url)
        assert page.status_code == 200, url
        assert page.headers["Cache-Control"].startswith("public")
        assert not page.cookies
    assert Session.objects.count() == 0


def test_all_twelve_cards_are_doors_with_their_status(methods: list[Method], client: Client) -> None:
    shown = client.get(reverse("playbook")).content.decode()
    assert len(methods) == 12
    for method in methods:
        assert card_url(method.slug) in shown
        assert method.title in shown


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
def test_a_card_shows_every_field_in_the_reader_s_language(
    methods: list[Method], client: Client, language: str
) -> None:
    card = next(card for card in cards(language) if card.slug == "good-news-call")
    page = client.get(card_url(query=f"?taal={language}"))
    shown = page.content.decode()
    assert card.language == language
    for key, value in card.texts.items():
        texts = [value] if isinstance(value, str) else [one if isinstance(one, str) else one["t"] for one in value]
        for text in texts:
            assert escape(text) in shown, key


def test_readers_of_other_languages_get_the_dutch_marked_as_dutch(methods: list[Method], client: Client) -> None:
    shown = client.get(card_url(query="?taal=ar")).content.decode()
    assert 'dir="rtl"' in shown[:400]
    assert 'lang="nl" dir="ltr"' in shown or 'lang="nl-BE" dir="ltr"' in shown
    with override("ar"):
        note = gettext("This card exists in Dutch, French and English. Here you see it in Dutch.")
    assert note in shown


@pytest.mark.parametrize(
    ("name", "word"), [("playbook", "De fiches"), ("method_card", "Wanneer"), ("edition_list", "Uitgave 1, ")]
)
def test_what_is_dutch_for_other_readers_is_dutch_whole_and_from_left_to_right(
    cast: Cast, methods: list[Method], client: Client, name: str, word: str
) -> None:
    """A heading in Arabic above Dutch words, or Dutch with its full stop in front, is read by nobody."""
    freeze_edition(by=cast.staff["joint"])
    address = reverse(name, args=["good-news-call"] if name == "method_card" else [])
    page = client.get(f"{address}?taal=ar").content.decode()
    found = re.search(
        r'<(article|div) class="stack-l"\s+lang="nl-BE"\s+dir="ltr">(.*)</(section|article)>', page, re.DOTALL
    )
    assert found is not None
    assert word in found[2]
    assert not re.search('[\u0600-\u06ff]|lang="ar"', found[2])


def test_a_page_with_cookies_is_kept_by_nobody(methods: list[Method], cast: Cast) -> None:
    assert cast.client("teacher_3b").get(reverse("playbook")).headers["Cache-Control"] == "private, no-cache"
    chosen = Client().get(reverse("playbook") + "?taal=fr")
    assert chosen.headers["Cache-Control"] == "private, no-cache"


def test_an_unknown_card_does_not_exist(methods: list[Method], client: Client) -> None:
    assert client.get(card_url("no-such-card")).status_code == 404


def test_evidence_counts_schools_times_and_families_and_hides_small_numbers(methods: list[Method], cast: Cast) -> None:
    call, visit = Method.objects.get(slug="good-news-call"), Method.objects.get(slug="home-visit")
    grow(cast, "3b", "nl", 6, reached=6, start=cast.year.starts_on)
    ContactMoment.objects.filter(kind="PHONE").update(method=call)
    ContactMoment.objects.filter(kind="GATE_TALK").update(method=visit)
    MethodAdoption.objects.create(
        method=call, school=cast.schools["bloesem"], status=MethodAdoption.Status.IN_USE, since=cast.year.starts_on
    )
    uses = uses_of_methods()
    assert (uses[call.pk].schools, uses[call.pk].times, uses[call.pk].families) == (2, 6, 6)
    with override("en"):
        sentence, careful = evidence_text(uses[call.pk]), evidence_text(uses[visit.pk])
    assert sentence == "Used in 2 schools, 6 times, with 6 families."
    assert (uses[visit.pk].times, uses[visit.pk].families) == (None, None)
    assert "fewer than five families" in careful


def test_the_number_of_queries_does_not_grow_with_the_evidence(
    methods: list[Method], cast: Cast, client: Client, django_assert_max_num_queries: object
) -> None:
    grow(cast, "3b", "nl", 12, reached=12, start=cast.year.starts_on)
    for place, moment in enumerate(ContactMoment.objects.filter(kind="PHONE")):
        ContactMoment.objects.filter(pk=moment.pk).update(method=methods[place])
    with django_assert_max_num_queries(10):  # type: ignore[operator]
        client.get(reverse("playbook"))


def test_the_booklet_holds_every_card_and_comes_from_the_edition_once_frozen(
    methods: list[Method], client: Client
) -> None:
    live = client.get(reverse("playbook_booklet"))
    assert live.headers["Content-Type"] == "application/pdf"
    printed = words_of(live.content)
    for method in methods:
        assert method.title.split()[0] in printed
    freeze_edition()
    Method.objects.update(title_nl="Iets anders")
    frozen = words_of(client.get(reverse("playbook_booklet")).content)
    assert "Uitgave 1" in frozen
    assert "Iets anders" not in frozen


def test_the_texts_that_come_with_the_portal_name_nobody(methods: list[Method], cast: Cast) -> None:
    assert publication_findings() == []


@pytest.mark.parametrize(
    "text",
    ["Vraag het aan Harpreet Kaur.", "Vraag het aan KAUR, harpreet.", "Lotte Claes deed het.", "Bel juf Claes.",
     "Mail naar an@school.example.", "Bel 0470 12 34 56."],
)  # fmt: skip
def test_a_person_in_a_card_stops_publication_with_the_place(methods: list[Method], cast: Cast, text: str) -> None:
    method = Method.objects.get(slug="home-visit")
    method.card = {**method.card, "pitfalls": ["Te veel vragen.", text]}
    method.save()
    with pytest.raises(NotPublishableError) as refusal:
        freeze_edition()
    assert {finding.place for finding in refusal.value.findings} == {"home-visit › nl › pitfalls › 2"}
    with pytest.raises(CommandError, match="home-visit › nl › pitfalls › 2"):
        call_command("freeze_playbook")
    assert PlaybookEdition.objects.count() == 0


@pytest.mark.parametrize(
    "number",
    ["0470 / 12 34 56", "+32 (0)470 12 34 56", "(011) 68 12 34", "011 / 68.12.34", "0470\u00a012\u00a034\u00a056",
     "0470–12–34–56", "0470123456"],
)  # fmt: skip
def test_a_telephone_number_is_one_however_people_write_it(cast: Cast, number: str) -> None:
    (found,) = findings_in({"": f"Bel {number}."})
    assert "telefoonnummer" in found.why


@pytest.mark.parametrize(
    "days", ["01/09/2026 - 30/06/2027", "01-09-2026 / 30-06-2027", "01-09-2026 12:30", "01.09.2026 30.06.2027"]
)
def test_days_and_hours_are_no_telephone_numbers(cast: Cast, days: str) -> None:
    assert findings_in({"": f"Van {days}."}) == []


@pytest.mark.parametrize(
    "text", ["Het schooljaar 2026–2027 telt 412 gezinnen.", "€ 46.319,94 besteed.", "Een kauw zit op het dak."]
)
def test_years_amounts_and_birds_are_no_persons(cast: Cast, text: str) -> None:
    assert findings_in({"x": text}) == []
