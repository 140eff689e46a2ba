"""A ready text is read aloud once, for all notices of a school that use it; whoever lent the voice can take it back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from messaging.files.listening import CheckedSound
from messaging.files.sounds import SoundKind
from messaging.files.store import recordings as store
from messaging.models import NoticeTemplate, Recording
from messaging.recordings import is_outdated, texts_of
from messaging.services import ask_voice, publish_notice, record_template, update_notice, use_general
from messaging.tokens import make_token
from schools.models import AuditEntry
from tests.cast import Cast
from tests.messaging.notices_for_pages import delivery_to, draft, template
from tests.messaging.voices import a_voice, tone
from tests.surface.happened import make_translator

pytestmark = pytest.mark.django_db

SLUG = "parent-meeting-invitation"


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def general(cast: Cast) -> Recording:
    """The invitation in Arabic, for De Kersenboom, by the head."""
    sound = CheckedSound(SoundKind.OGG, b"OggS voor allen", 9)
    school, by = cast.schools["kersenboom"], cast.staff["head"]
    return record_template(template=template(), school=school, by=by, sound=sound, language="ar", speaker="Nadia")


def shelf(cast: Cast, code: str = "ar", school: str = "kersenboom") -> str:
    return f"{reverse('template_voice_desk', args=[SLUG])}?school={cast.schools[school].pk}&stem={code}"


def test_only_who_asked_for_a_voice_is_offered_to_take_that_back(cast: Cast) -> None:
    text = template()
    make_translator(cast, "ar")
    asked = ask_voice(school=cast.schools["kersenboom"], template=text, language="ar", by=cast.staff["teacher_3b"])
    take_back = reverse("voice_unask", args=[asked.pk])
    assert take_back in cast.client("teacher_3b").get(shelf(cast)).content.decode()
    assert take_back not in cast.client("teacher_1a").get(shelf(cast)).content.decode()


def test_a_member_of_staff_reads_a_ready_text_aloud(cast: Cast) -> None:
    template()
    client = cast.client("teacher_3b")
    sent = {"language": "ar", "sound": SimpleUploadedFile("opname", tone(2)), "speaker": "Mevrouw Haddad"}
    assert client.post(shelf(cast), sent).headers["Location"].endswith("stem=ar")
    row = Recording.objects.get()
    assert (row.notice, row.school, row.speaker) == (None, cast.schools["kersenboom"], "Mevrouw Haddad")
    assert row.template is not None
    assert row.template.slug == SLUG
    desk = client.get(shelf(cast))
    assert "microphone=(self)" in desk.headers["Permissions-Policy"]
    assert reverse("template_recording", args=[SLUG, row.pk]) in desk.content.decode()
    assert "{" not in f"{desk.context['desk'].title} {desk.context['desk'].body}"
    assert "…" in desk.context["desk"].body, "what changes is a gap"
    assert "Arabic" not in desk.content.decode()
    assert AuditEntry.objects.filter(verb="recorded", target_kind="messaging.noticetemplate").exists()
    overview = client.get(reverse("template_voices")).context["places"]
    assert [place["school"] for place in overview] == [cast.schools["kersenboom"]]
    assert {row["template"].slug: row["codes"] for row in overview[0]["rows"]}[SLUG] == ["ar"]


def test_another_schools_shelf_is_not_there(cast: Cast, general: Recording) -> None:
    theirs = cast.client("teacher_go")
    assert theirs.get(shelf(cast)).status_code == 404
    assert theirs.get(reverse("template_recording", args=[SLUG, general.pk])).status_code == 404
    assert theirs.post(reverse("template_recording_remove", args=[SLUG, general.pk])).status_code == 404
    ours = draft(cast, author="teacher_go", room="go2")
    assert theirs.post(reverse("notice_recording_use", args=[ours.pk, general.pk])).status_code == 404
    assert Recording.objects.count() == 1


def test_a_draft_takes_it_along_and_parents_are_told_what_it_leaves_out(cast: Cast, general: Recording) -> None:
    notice, client = draft(cast), cast.client("teacher_3b")
    desk = client.get(f"{reverse('notice_recordings', args=[notice.pk])}?stem=ar")
    use_url = reverse("notice_recording_use", args=[notice.pk, general.pk])
    assert use_url in desk.content.decode()
    client.post(use_url)
    row = notice.recordings.get()
    assert (row.is_general, row.file, row.speaker) == (True, general.file, "Nadia")
    publish_notice(notice=notice, by=notice.author)
    father = delivery_to(notice, cast, "separated_father")
    page = Client().get(reverse("token_notice", args=[make_token(father)]), {"taal": "en"})
    assert "Day, hour and place stand on this page." in page.content.decode()


def test_another_day_or_hour_does_not_make_it_old_but_other_words_do(cast: Cast, general: Recording) -> None:
    """It tells neither; whoever wrote own words beside it hears it again."""
    notice = draft(cast)
    row = use_general(notice=notice, recording=general, by=notice.author)
    update_notice(notice, values={**notice.values, "time": "16:45", "place": "de turnzaal"})
    row.refresh_from_db()
    assert not is_outdated(row, texts_of(notice))
    arabic = notice.texts.get(language="ar")
    arabic.body = f"{arabic.body}\nأحضروا الكتب."
    arabic.save()
    assert is_outdated(row, texts_of(notice))


def test_only_one_voice_in_each_language_and_only_of_its_own_template(cast: Cast, general: Recording) -> None:
    notice = draft(cast)
    a_voice(notice, "ar")
    with pytest.raises(ValidationError):
        use_general(notice=notice, recording=general, by=notice.author)
    other = draft(cast)
    general.template = NoticeTemplate.objects.get(slug="coffee-morning")
    general.save()
    with pytest.raises(ValidationError):
        use_general(notice=other, recording=general, by=other.author)


def test_when_the_ready_text_changes_no_notice_takes_it_any_more(cast: Cast, general: Recording) -> None:
    NoticeTemplate.objects.filter(pk=template().pk).update(body_ar="كلمات أخرى")
    notice = draft(cast)
    desk = cast.client("teacher_3b").get(f"{reverse('notice_recordings', args=[notice.pk])}?stem=ar").context["desk"]
    assert desk.general is None
    assert cast.client("head").get(shelf(cast)).context["desk"].is_outdated


def test_whoever_lent_the_voice_takes_it_back_from_every_notice(
    cast: Cast, general: Recording, django_capture_on_commit_callbacks: Any
) -> None:
    notice = draft(cast)
    use_general(notice=notice, recording=general, by=notice.author)
    publish_notice(notice=notice, by=notice.author)
    url = reverse("template_recording_remove", args=[SLUG, general.pk])
    assert cast.client("teacher_3b").post(url).status_code == 404, "not hers, and not her school as a whole"
    with django_capture_on_commit_callbacks(execute=True):
        cast.client("head").post(url)
    assert not Recording.objects.exists()
    with pytest.raises(FileNotFoundError):
        store.read(general.file)
    line = AuditEntry.objects.get(verb="removed recording")
    assert (line.actor, line.detail["recordings"]) == (cast.staff["head"], 2)


def test_a_new_voice_leaves_what_was_sent_as_it_was(
    cast: Cast, general: Recording, django_capture_on_commit_callbacks: Any
) -> None:
    notice = draft(cast)
    use_general(notice=notice, recording=general, by=notice.author)
    publish_notice(notice=notice, by=notice.author)
    sound = CheckedSound(SoundKind.OGG, b"OggS opnieuw", 9)
    with django_capture_on_commit_callbacks(execute=True):
        record_template(template=template(), school=general.school, by=cast.staff["head"], sound=sound, language="ar")
    assert store.read(notice.recordings.get().file) == b"OggS voor allen"
