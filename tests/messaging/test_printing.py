"""Many letters are made in parts, behind the page: stopped, gone on with, never lost, forgotten in time."""

from __future__ import annotations

import os
import re
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
import zxingcpp
from django.conf import settings as django_settings
from django.core.exceptions import ValidationError
from django.db.models.functions import Now

from messaging import printfiles, printing
from messaging.letters import letters_for
from messaging.models import (
    BatchState,
    Delivery,
    DeliveryStatus,
    LetterBatch,
    LetterPart,
    Notice,
    PrintProblem,
)
from messaging.services import (
    cancel_notice,
    drop_letters,
    give_letters,
    print_class,
    print_letters,
    print_school,
    publish_notice,
    resume_letters,
    stop_letters,
)
from messaging.tokens import notice_url, short_code
from schools import clock
from schools.models import Assignment, Role, School, SchoolClass, User
from schools.typeset import TypesettingError
from tests import factories as make
from tests.messaging.printed import ISOLATES, aged, counted, made, made_behind, statuses, stopping_after

pytestmark = pytest.mark.django_db

WINDOW = (80, 45, 190, 90)  # millimetres from the left and the top: a Belgian envelope, 20 mm from the right edge


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> Path:
    """Files of this test alone, and parts small enough to have some."""
    settings.MEDIA_ROOT = tmp_path
    settings.LETTERS_IN_REQUEST, settings.LETTERS_IN_PART = 3, 3
    return tmp_path / "letters"


@pytest.fixture
def school() -> School:
    return make.make_school()


@pytest.fixture
def head(school: School) -> User:
    person = make.make_user("Rita Moons")
    Assignment.objects.create(user=person, role=Role.HEAD, school=school, starts_on=make.LONG_AGO)
    return person


def room_of(school: School, name: str, *children: str, language: str = "nl") -> SchoolClass:
    """A class whose families can be reached on paper only."""
    room = make.make_class(school, name)
    for child in children:
        make.make_family(room, languages=[language], emails=[None], children=[child])
    return room


def sent(school: School, by: User, room: SchoolClass | None = None) -> Notice:
    notice = make.make_notice(room, by, school=school)
    publish_notice(notice=notice, by=by)
    return notice


@pytest.fixture
def many(school: School, head: User) -> LetterBatch:
    """Five letters of two classes: too many for the request."""
    room_of(school, "2B", "Zoë", "Adam")
    room_of(school, "2A", "Noor", "Bram", "Ali")
    batch = print_letters(notice=sent(school, head), by=head)
    assert (batch.state, batch.letters_done, batch.letters_total) == (BatchState.MAKING, 0, 5)
    return batch


class TestThePile:
    def test_it_lies_by_class_and_child_behind_its_list(self, many: LetterBatch) -> None:
        assert printing.make_letters() == 1
        cover, *sheets = made(many)
        names = ["Ali", "Bram", "Noor", "Adam", "Zoë"]
        assert [next(name for name in names if name in page) for page in sheets if page.strip()] == names
        assert [cover.index(name) for name in names] == sorted(cover.index(name) for name in names)
        assert cover.index("2A · 3") < cover.index("Ali") < cover.index("2B · 2") < cover.index("Adam")
        assert many.letters_done == 5

    def test_one_letter_is_no_letters(self, school: School, head: User) -> None:
        room_of(school, "2A", "Noor")
        cover, *_sheets = made(print_letters(notice=sent(school, head), by=head))
        assert re.search(r"2A · 1 brief\b", cover)

    def test_every_letter_begins_on_a_sheet_of_its_own(self, many: LetterBatch) -> None:
        printing.make_letters()
        pages = made(many)
        assert [place % 2 for place, page in enumerate(pages) if "Uw antwoord" in page] == [0, 0, 0, 0, 0]

    def test_bound_together_it_is_as_accessible_as_one_letter(self, many: LetterBatch) -> None:
        printing.make_letters()
        many.refresh_from_db()
        with pikepdf.open(django_settings.MEDIA_ROOT / "letters" / many.file) as document:
            tags = document.Root.StructTreeRoot
            numbers = [int(number) for number in tags.ParentTree.Nums[::2]]
            assert numbers == list(range(len(numbers)))
            for page in document.pages:
                if "/StructParents" in page.obj:
                    elements = tags.ParentTree.Nums[2 * int(page.obj.StructParents) + 1]
                    assert all(entry.Pg.objgen == page.obj.objgen for entry in elements)
            assert sum("/StructParents" in page.obj for page in document.pages) == 6
            assert all(element.P.objgen == tags.objgen for element in tags.K)
            with document.open_metadata() as metadata:
                assert metadata["pdfuaid:part"] == "1"

    def test_the_address_stands_in_the_window_of_the_envelope(self, school: School, head: User) -> None:
        room_of(school, "3B", "Noor", language="ar")
        batch = print_letters(notice=sent(school, head), by=head)
        guardian = Delivery.objects.get().guardian
        page = pypdfium2.PdfDocument(printfiles.read(batch.file))[2]
        left, top, right, bottom = (edge / 25.4 * 72 for edge in WINDOW)
        height = page.get_height()
        words = page.get_textpage().get_text_bounded(left, height - bottom, right, height - top)
        assert guardian.full_name in words
        assert guardian.household is not None
        assert guardian.household.street in words
        assert "Over" not in words, "nothing else shows in the window"

    @pytest.mark.parametrize("language", ["nl", "pa"])
    def test_a_phone_reads_the_code_off_the_paper(self, school: School, head: User, language: str) -> None:
        room_of(school, "3B", "Noor", language=language)
        batch = print_letters(notice=sent(school, head), by=head)
        page = pypdfium2.PdfDocument(printfiles.read(batch.file))[2]
        found = zxingcpp.read_barcodes(page.render(scale=150 / 72).to_pil())
        delivery = Delivery.objects.get()
        assert [code.text for code in found] == [notice_url(delivery)]
        assert short_code(delivery) in page.get_textpage().get_text_bounded().translate(ISOLATES)

    def test_everything_for_a_class_is_one_pile_of_several_notices(self, school: School, head: User) -> None:
        room, other = room_of(school, "3B", "Noor", "Ali"), room_of(school, "3C", "Zoë")
        first, second = sent(school, head, room), sent(school, head)
        batch = print_class(school_class=room, by=head)
        _cover, *sheets = made(batch) if batch.state == BatchState.READY else made_behind(batch)
        order = ["Ali" if "Ali" in page else "Noor" for page in sheets if page.strip()]
        assert order == ["Ali", "Ali", "Noor", "Noor"]
        assert set(batch.letters.values_list("delivery__notice_id", flat=True)) == {first.pk, second.pk}
        rest = print_school(school=school, by=head)
        assert [letter.school_class for letter in rest.letters.all()] == [other]
        with pytest.raises(ValidationError, match="geen brieven"):
            print_school(school=school, by=head)

    def test_one_letter_for_brothers_and_sisters_goes_along_with_the_first_class(
        self, school: School, head: User
    ) -> None:
        first, second = make.make_class(school, "1A"), make.make_class(school, "4C")
        family = make.make_family(second, emails=[None], children=["Noor"])
        sister = make.make_pupil(first, "Ada")
        make.Guardianship.objects.create(pupil=sister, guardian=family.guardians[0], starts_on=make.LONG_AGO)
        batch = print_letters(notice=sent(school, head), by=head)
        assert [letter.school_class for letter in batch.letters.all()] == [first]
        assert "Ada" in made(batch)[0]
        assert "Noor" in made(batch)[0]


class TestTheJob:
    def test_letters_are_printed_when_the_file_is_there_and_not_before(self, many: LetterBatch) -> None:
        assert statuses() == {DeliveryStatus.QUEUED}
        printing.make_letters()
        assert statuses() == {DeliveryStatus.SENT}
        assert not LetterPart.objects.exclude(file="").exists()

    def test_the_file_says_nothing_by_its_name_and_nobody_else_may_open_it(
        self, many: LetterBatch, own_folder: Path
    ) -> None:
        printing.make_letters()
        (file,) = own_folder.iterdir()
        assert re.fullmatch(r"[0-9a-f]{32}\.pdf", file.name)
        assert file.stat().st_mode & 0o077 == 0
        assert own_folder.stat().st_mode & 0o077 == 0

    def test_stopped_it_keeps_what_was_made_and_goes_on_from_there(
        self, many: LetterBatch, head: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        stopping_after(1, many, head, monkeypatch)
        many.refresh_from_db()
        assert (many.state, many.letters_done, many.file) == (BatchState.STOPPED, 3, "")
        assert printing.make_letters() == 0, "stopped is stopped"
        assert resume_letters(batch=many, by=head)
        made_again = counted(monkeypatch)
        printing.make_letters()
        assert len(made(many)) > 5
        assert sorted(made_again) == ["list", "part 2"], "part 1 was kept"

    def test_a_part_finished_after_the_stop_is_not_counted(
        self, many: LetterBatch, head: User, own_folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        really = printing.printfiles.keep

        def stopped_meanwhile(content: bytes) -> str:
            stop_letters(batch=many, by=head)
            return really(content)

        monkeypatch.setattr(printing.printfiles, "keep", stopped_meanwhile)
        assert printing.make_letters() == 0
        many.refresh_from_db()
        assert (many.state, many.letters_done) == (BatchState.STOPPED, 0)
        assert list(own_folder.iterdir()) == []

    def test_what_was_written_ahead_is_written_anew_when_a_letter_was_withdrawn(
        self, many: LetterBatch, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        really, asked = printing.printfiles.keep, []
        last = many.letters.order_by("-position")[0].delivery

        def withdrawn_meanwhile(content: bytes) -> str:
            Delivery.objects.filter(pk=last.pk).update(status=DeliveryStatus.CANCELLED)
            return really(content)

        def noting(rows: Any, numbers: Any) -> Any:
            asked.append(sorted(numbers))
            return letters_for(rows, numbers)

        monkeypatch.setattr(printing.printfiles, "keep", withdrawn_meanwhile)
        monkeypatch.setattr(printing, "letters_for", noting)
        laid_out = counted(monkeypatch)
        assert printing.make_letters() == 1
        assert laid_out.count("list") == 2, "the list names nobody whose letter was withdrawn"
        first, ahead, anew = asked
        assert last.pk in ahead
        assert anew == [pk for pk in ahead if pk != last.pk]
        assert not set(first) & set(ahead)

    def test_what_cannot_be_written_ahead_is_the_following_parts_own_trouble(
        self, many: LetterBatch, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        poison = many.letters.order_by("-position")[0].delivery_id

        def breaking(rows: Any, numbers: Any) -> Any:
            if poison in numbers:
                raise ValueError("poison")
            return letters_for(rows, numbers)

        monkeypatch.setattr(printing, "letters_for", breaking)
        with pytest.raises(ValueError, match="poison"):
            printing.make_letters()
        first, second = many.parts.order_by("number")
        assert (bool(first.file), first.attempts, second.file, second.attempts) == (True, 1, "", 1)

    def test_given_up_its_letters_wait_again(
        self,
        many: LetterBatch,
        head: User,
        own_folder: Path,
        monkeypatch: pytest.MonkeyPatch,
        django_capture_on_commit_callbacks: Any,
    ) -> None:
        assert not drop_letters(batch=many, by=head), "while somebody makes it, it has to be stopped first"
        stopping_after(1, many, head, monkeypatch)
        with django_capture_on_commit_callbacks(execute=True):
            assert drop_letters(batch=many, by=head)
        assert list(own_folder.iterdir()) == []
        monkeypatch.undo()
        again = print_letters(notice=Notice.objects.get(), by=head)
        assert again.letters_total == 5

    def test_what_is_ready_is_not_given_up(self, many: LetterBatch, head: User) -> None:
        printing.make_letters()
        assert not drop_letters(batch=many, by=head)
        assert not stop_letters(batch=many, by=head)
        assert not resume_letters(batch=many, by=head)

    def test_a_letter_that_cannot_be_laid_out_is_said(
        self, many: LetterBatch, head: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(*_words: Any, **_more: Any) -> bytes:
            raise TypesettingError("Noor Peeters cannot be drawn")

        monkeypatch.setattr(printing, "typeset", broken)
        printing.make_letters()
        many.refresh_from_db()
        assert (many.state, many.problem) == (BatchState.FAILED, PrintProblem.LAYOUT)
        monkeypatch.undo()
        assert resume_letters(batch=many, by=head)
        assert len(made_behind(many)) > 5

    def test_a_full_disk_is_said(self, many: LetterBatch, monkeypatch: pytest.MonkeyPatch) -> None:
        def full(_content: bytes) -> str:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(printfiles, "keep", full)
        printing.make_letters()
        many.refresh_from_db()
        assert (many.state, many.problem) == (BatchState.FAILED, PrintProblem.DISK)

    def test_who_took_three_processes_down_is_not_tried_again_by_itself(self, many: LetterBatch) -> None:
        LetterPart.objects.filter(number=1).update(attempts=printing.MOST_ATTEMPTS)
        printing.make_letters()
        many.refresh_from_db()
        assert (many.state, many.problem) == (BatchState.FAILED, PrintProblem.GAVE_UP)

    def test_what_another_process_is_making_is_left_to_it_until_its_lease_ends(self, many: LetterBatch) -> None:
        LetterBatch.objects.update(claimed_until=Now() + timedelta(minutes=1))
        assert printing.make_letters() == 0
        LetterBatch.objects.update(claimed_until=Now() - timedelta(seconds=1))
        assert printing.make_letters() == 1

    def test_so_it_is_when_a_clock_was_ahead_that_is_set_right(self, many: LetterBatch) -> None:
        LetterBatch.objects.update(claimed_until=Now() + timedelta(days=3))
        assert printing.make_letters() == 1

    def test_the_time_over_it_is_left_for_the_next_run(self, many: LetterBatch) -> None:
        assert printing.make_letters(seconds=0.0001) == 0
        many.refresh_from_db()
        assert (many.state, many.claimed_until) == (BatchState.MAKING, None)

    def test_two_who_press_at_once_get_each_letter_once(self, many: LetterBatch, head: User) -> None:
        with pytest.raises(ValidationError, match="geen brieven"):
            print_letters(notice=Notice.objects.get(), by=head)
        assert LetterBatch.objects.count() == 1

    def test_a_notice_taken_back_meanwhile_is_not_printed(self, many: LetterBatch, head: User) -> None:
        cancel_notice(notice=Notice.objects.get(), by=head)
        printing.make_letters()
        assert statuses() == {DeliveryStatus.CANCELLED}
        assert all("Uw antwoord" not in page for page in made(many))

    def test_a_pile_in_which_one_notice_was_stopped_is_still_somebodys(
        self, many: LetterBatch, head: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        stopping_after(1, many, head, monkeypatch)
        cancel_notice(notice=Notice.objects.get(), by=head)
        assert LetterBatch.objects.editable_by(head).get() == many, "who else could go on with it, or give it up?"


class TestRetention:
    def test_the_file_goes_a_month_after_the_letters_were_given(
        self, many: LetterBatch, head: User, own_folder: Path, settings: Any
    ) -> None:
        printing.make_letters()
        give_letters(batch=many, by=head, on=clock.today())
        aged(many, days=settings.LETTER_FILE_DAYS - 1)
        assert printing.forget_files() == 0
        aged(many, days=1)
        assert printing.forget_files() == 1
        assert list(own_folder.iterdir()) == []
        many.refresh_from_db()
        assert resume_letters(batch=many, by=head), "it can be made again"
        assert len(made_behind(many)) > 5
        assert statuses() == {DeliveryStatus.DELIVERED}

    def test_letters_that_nobody_gave_keep_their_file_until_their_codes_end(
        self, many: LetterBatch, settings: Any
    ) -> None:
        printing.make_letters()
        aged(many, days=settings.LETTER_FILE_DAYS + 2)
        assert printing.forget_files() == 0
        aged(many, days=settings.NOTICE_LINK_DAYS - settings.LETTER_FILE_DAYS)
        assert printing.forget_files() == 1

    def test_what_was_made_of_a_pile_that_nobody_finished_goes_with_its_codes(
        self, many: LetterBatch, head: User, own_folder: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        stopping_after(1, many, head, monkeypatch)
        assert printing.forget_files() == 0
        long_ago = clock.now() - timedelta(days=settings.NOTICE_LINK_DAYS + 1)
        LetterBatch.objects.update(created_at=long_ago)
        assert (len(list(own_folder.iterdir())), printing.forget_files()) == (1, 1)
        assert list(own_folder.iterdir()) == []
        assert resume_letters(batch=many, by=head)
        assert len(made_behind(many)) > 5

    def test_what_a_killed_process_left_goes_after_a_day(self, many: LetterBatch, own_folder: Path) -> None:
        printing.make_letters()
        old, new = (own_folder / printfiles.keep(b"%PDF-") for _ in range(2))
        os.utime(old, (time.time() - 90_000,) * 2)
        printing.forget_files()
        many.refresh_from_db()
        assert {path.name for path in own_folder.iterdir()} == {new.name, many.file}
