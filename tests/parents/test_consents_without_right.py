"""What somebody agreed to who may not decide about the child any more is no consent: nothing is done on it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from parents.models import Authority, Consent, ConsentPurpose, Guardianship
from parents.services import give_consent
from schools import clock
from schools.services.enrolling import let_leave
from tests.cast import Cast
from tests.parents.frame import text_of

pytestmark = pytest.mark.django_db
FATHER = "separated_father"
COUNTS_NO_MORE = "telt niet meer"


@pytest.fixture(params=[Authority.NONE, Authority.INFORMATION_ONLY])
def ended(request: pytest.FixtureRequest, cast: Cast) -> Authority:
    """Karim agreed to photos of Yusuf and to visits at home; since then a court decided."""
    father, child = cast.guardians[FATHER], cast.pupils["yusuf"]
    give_consent(guardian=father, purpose=ConsentPurpose.PHOTO, child=child, how="")
    give_consent(guardian=father, purpose=ConsentPurpose.HOME_VISIT, how="")
    assert "Foto’s · <bdi>Yusuf</bdi>" in family_page(cast)
    tie = Guardianship.objects.get(guardian=father, pupil=child)
    tie.give(request.param)
    tie.save()
    return Authority(request.param)


def family_page(cast: Cast) -> str:
    return text_of(cast.client("teacher_3b").get(reverse("family_detail", args=[cast.families["haddad"].pk])))


def test_the_family_s_page_says_no_photos(cast: Cast, ended: Authority) -> None:
    page = family_page(cast)
    assert "Foto’s · <bdi>Yusuf</bdi>" not in page
    assert ("Huisbezoek: <bdi>Karim</bdi>" in page) is (ended == Authority.INFORMATION_ONLY)


def test_the_page_of_consents_says_that_it_counts_no_more_and_lets_it_be_withdrawn(
    cast: Cast, ended: Authority
) -> None:
    page = text_of(cast.client("teacher_3b").get(reverse("family_rights", args=[cast.families["haddad"].pk])))
    assert page.count(COUNTS_NO_MORE) == (2 if ended == Authority.NONE else 1)
    assert page.count('name="consent"') == 2


def test_who_agreed_is_asked_before_a_visit_is_logged(cast: Cast, ended: Authority) -> None:
    address = f"{reverse('contact_new')}?pupil={cast.pupils['yusuf'].pk}"
    form = cast.client("teacher_3b").get(address).context["form"]
    assert ("home_visit_agreed" in form.fields) is (ended == Authority.NONE)


def test_of_a_child_that_left_nothing_more_is_asked_and_all_may_be_withdrawn(cast: Cast) -> None:
    father, child = cast.guardians[FATHER], cast.pupils["yusuf"]
    give_consent(guardian=father, purpose=ConsentPurpose.PHOTO, child=child, how="")
    client, page = cast.guardian_client(FATHER), reverse("portal_data")
    assert len(client.get(page).context["lines"]) == 4
    yesterday = clock.today() - timedelta(days=1)
    let_leave(pupil=child, school=cast.schools["kersenboom"], last_day=yesterday, by=cast.staff["office"])
    assert [line.purpose for line in client.get(page).context["lines"]] == ["PHOTO"]


def test_nobody_notes_a_consent_of_who_does_not_decide(cast: Cast, ended: Authority) -> None:
    client = cast.client("teacher_3b")
    father, mother = cast.guardians[FATHER], cast.guardians["separated_mother"]
    sent = {
        "form": "consent",
        "guardian": father.pk,
        "purpose": "CLB_TO_SCHOOL",
        "child": cast.pupils["yusuf"].pk,
        "how": "SPOKEN",
        "given_on": "2026-11-23",
    }
    address = reverse("family_rights", args=[cast.families["haddad"].pk])
    answer = client.post(address, sent)
    assert answer.status_code == 422
    if ended == Authority.INFORMATION_ONLY:
        assert "Deze persoon beslist niet over dit kind." in text_of(answer)
    client.post(address, sent | {"guardian": mother.pk})
    assert Consent.objects.get(purpose="CLB_TO_SCHOOL").guardian == mother
