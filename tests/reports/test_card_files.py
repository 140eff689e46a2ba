"""Files of the cards: who adds them and what is refused, that everybody can open them and nothing in them runs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from messaging.files.checking import CheckedFile
from messaging.files.limits import Kind
from reports import filing
from reports.cardfiles import OF_A_CARD, address_of
from reports.cardversions import keep_versions, version_lines
from reports.filing import add_card_file, remove_card_file
from reports.models import CardFile, CardVersion, KeptFile
from reports.retention import RULES
from schools import clock
from schools.keeping import carry_out
from schools.models import AuditEntry, Method
from schools.reference import load_methods
from tests.cast import Cast
from tests.messaging.leaflets import opening, pdf, picture
from tests.messaging.office_files import odt, word

pytestmark = pytest.mark.django_db


@pytest.fixture
def card(db: None) -> Method:
    load_methods()
    keep_versions()
    return Method.objects.get(slug="coffee-moment")


def sheet(words: str = "Telblad", kind: Kind = Kind.PDF) -> CheckedFile:
    return CheckedFile(kind, f"%PDF-1.7 {words}".encode())


def filed(card: Method, words: str = "Telblad", **facts: Any) -> CardFile:
    return add_card_file(
        method=card, file=sheet(words), by=facts.pop("by", None), **{"title": words, "language": "nl"} | facts
    )


def sent(browser: Client, card: Method, content: bytes, title: str = "Telblad", language: str = "nl") -> Any:
    data = {"title": title, "language": language, "file": SimpleUploadedFile("Els Peeters.bin", content)}
    return browser.post(reverse("card_files", args=[card.slug]), data)


@pytest.mark.parametrize(
    ("made", "kind"), [(pdf, "PDF"), (lambda: picture("PNG"), "PNG"), (word, "DOCX"), (odt, "ODT")]
)
def test_the_joint_worker_adds_a_file_and_everybody_opens_it(card: Method, cast: Cast, made: Any, kind: str) -> None:
    answer = sent(cast.client("joint"), card, made())
    assert answer.status_code == 302
    row = CardFile.objects.select_related("kept").get()
    assert (row.kept.kind, row.title, row.added_by) == (kind, "Telblad", cast.staff["joint"])
    page = Client().get(reverse("method_card", args=[card.slug])).content.decode()
    assert address_of(row.kept.code) in page
    assert "Els" not in page
    assert b"".join(Client().get(address_of(row.kept.code))) == bytes(row.kept.content)


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (lambda: b"", "leeg"),
        (lambda: b"MZ program", "geen pdf"),
        (lambda: bytes(2 * 1024 * 1024 + 1), "te groot"),
        (lambda: pdf(opening(S="/JavaScript", JS="app.alert(1)")), "uit zichzelf"),
        (lambda: word(word__vbaProject_bin=b"x"), "uit zichzelf"),
    ],
)
def test_a_file_that_may_not_come_in_is_refused_with_a_sentence(
    card: Method, cast: Cast, made: Any, words: str
) -> None:
    answer = sent(cast.client("joint"), card, made())
    assert answer.status_code == 422
    assert words in answer.content.decode().lower()
    assert not CardFile.objects.exists()


def test_a_title_with_somebody_in_it_is_refused_and_what_was_typed_stays(card: Method, cast: Cast) -> None:
    answer = sent(cast.client("joint"), card, pdf(), title="Lijst van Harpreet Kaur")
    assert answer.status_code == 422
    assert "Lijst van Harpreet Kaur" in answer.content.decode()
    assert not CardFile.objects.exists()


def test_a_translator_of_french_adds_and_removes_french_files_only(card: Method, cast: Cast) -> None:
    cast.staff["translator"].assignments.update(languages=["fr"])
    browser = cast.client("translator")
    assert sent(browser, card, pdf(), language="nl").status_code == 422
    assert sent(browser, card, pdf(), language="fr").status_code == 302
    dutch = filed(card)
    assert browser.post(reverse("card_file_remove", args=[dutch.pk])).status_code == 403
    french = CardFile.objects.get(language="fr")
    assert browser.post(reverse("card_file_remove", args=[french.pk])).status_code == 302
    assert list(CardFile.objects.all()) == [dutch]


def test_a_card_takes_four_files_and_none_twice(card: Method) -> None:
    for number in range(OF_A_CARD):
        filed(card, f"Blad {number}")
    with pytest.raises(ValidationError):
        filed(card, "Blad 9")
    CardFile.objects.filter(title="Blad 3").delete()
    with pytest.raises(ValidationError):
        filed(card, "Blad 1")


def test_the_draaiboek_together_takes_no_more_than_a_package_carries(
    card: Method, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filing, "BYTES_OF_ALL", 30)
    filed(card)
    with pytest.raises(ValidationError):
        filed(Method.objects.get(slug="home-visit"), "Een lang blad")
    assert KeptFile.objects.count() == 1


def test_a_removed_file_is_gone_and_the_versions_of_the_card_tell_it(card: Method, cast: Cast) -> None:
    row = filed(card, by=cast.staff["joint"])
    address = address_of(row.kept.code)
    remove_card_file(row=row, by=cast.staff["joint"])
    remove_card_file(row=row, by=cast.staff["joint"])
    assert not KeptFile.objects.exists()
    assert Client().get(address).status_code == 404
    assert [(line.came, line.went, line.has_other_words) for line in version_lines(card)] == [
        ([], ["Telblad"], False),
        (["Telblad"], [], False),
        ([], [], False),
    ]
    page = cast.client("joint").get(reverse("card_files", args=[card.slug])).content.decode()
    assert "Kwam erbij: Telblad." in page
    assert "Ging weg: Telblad." in page
    assert AuditEntry.objects.filter(verb__endswith="a card", actor=cast.staff["joint"]).count() == 2


def test_other_words_of_a_card_are_a_version_too(card: Method) -> None:
    filed(card)
    Method.objects.filter(pk=card.pk).update(title_nl="Koffie")
    keep_versions()
    newest = version_lines(card)[0]
    assert (newest.came, newest.went, newest.has_other_words) == ([], [], True)
    assert CardVersion.objects.filter(method=card).count() == 3


def test_a_file_leaves_as_what_it_is_and_can_do_nothing(card: Method) -> None:
    row = filed(card)
    answer = Client().get(address_of(row.kept.code))
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "public, max-age=600"
    again = Client().get(address_of(row.kept.code), headers={"if-none-match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    known = Client()
    known.cookies["x"] = "1"
    assert known.get(address_of(row.kept.code)).headers["Cache-Control"] == "private, no-cache"


def test_the_database_lets_nobody_change_what_a_file_holds(card: Method) -> None:
    row = filed(card)
    with pytest.raises(DatabaseError), transaction.atomic():
        KeptFile.objects.filter(pk=row.kept_id).update(content=b"x")
    with pytest.raises(DatabaseError), transaction.atomic():
        CardFile.objects.filter(pk=row.pk).update(language="pa")


def test_who_added_a_file_is_forgotten_after_two_years(card: Method, cast: Cast) -> None:
    row = filed(card, by=cast.staff["joint"])
    rule = next(rule for rule in RULES if rule.key == "files of cards")
    assert carry_out(rule, dry_run=False) == 0
    CardFile.objects.filter(pk=row.pk).update(added_at=clock.now() - timedelta(days=800))
    assert carry_out(rule, dry_run=False) == 1
    row.refresh_from_db()
    assert (row.added_by, row.title) == (None, "Telblad")
