"""Who asked about the own data reads until when the answer comes; after that day, whom to ask once more."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from parents.models import DataRequest
from parents.services import file_request
from schools import clock
from tests.cast import Cast
from tests.parents.frame import text_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("days", "is_late"), [(0, False), (-1, True)])
def test_a_day_that_passed_is_no_promise_any_more(cast: Cast, days: int, is_late: bool) -> None:
    father, school = cast.guardians["separated_father"], cast.schools["kersenboom"]
    file_request(guardian=father, kind="ACCESS", place=school, identity="KNOWN", by=cast.staff["head"])
    DataRequest.objects.update(due_on=clock.today() + timedelta(days=days))
    browser = cast.guardian_client("separated_father")
    arabic = text_of(browser.get(reverse("portal_data"), {"taal": "ar"}))
    assert ("اسألوا عنه مرة أخرى" in arabic) == is_late
    page = text_of(browser.get(reverse("portal_data"), {"taal": "nl"}))
    assert ("Het antwoord moest er ten laatste op" in page) == is_late
    assert ("U krijgt een antwoord ten laatste op" in page) != is_late
    main = page.split("<main", 1)[1].split("</main>")[0]
    assert (f'href="{reverse("privacy_notice")}"' in main) == is_late
