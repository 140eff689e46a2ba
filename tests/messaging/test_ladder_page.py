"""The school sets its ladders on one page."""

from __future__ import annotations

import pytest

from messaging import policies
from messaging.models import LadderPolicy
from messaging.policies import Rung
from tests.cast import Cast

pytestmark = pytest.mark.django_db
PAGE = "/school/berichten/ladder/"


def posted(kind: str, *steps: tuple[str, str, str], caller: str = "LIAISON") -> dict[str, str]:
    data = {"kind": kind, f"{kind}-caller": caller}
    for number, (channel, wait, unit) in enumerate(steps, 1):
        data |= {
            f"{kind}-channel_{number}": channel,
            f"{kind}-wait_{number}": wait,
            f"{kind}-unit_{number}": unit,
        }
    return data


def test_the_head_reads_what_happens_and_changes_it(cast: Cast) -> None:
    client, school = cast.client("head"), cast.schools["kersenboom"]
    page = client.get(PAGE).content.decode()
    for kind in ("ACTIE", "INFO", "DRINGEND"):
        assert f'value="{kind}"' in page
    answer = client.post(PAGE, posted("ACTIE", ("SMS", "2", "DAYS"), ("", "", "DAYS"), ("CALL", "5", "DAYS")))
    assert answer.headers["Location"] == f"{PAGE}?school={school.pk}"
    ladder = policies.ladder_for(school.pk, "ACTIE")
    assert (ladder.rungs, ladder.caller) == ((Rung("SMS", 2), Rung("CALL")), "LIAISON")
    assert not policies.ladder_for(cast.schools["bloesem"].pk, "ACTIE").is_own
    client.post(PAGE, {"kind": "ACTIE", "reset": "1"})
    assert not LadderPolicy.objects.exists()


def test_an_urgent_ladder_may_wait_in_minutes_and_others_not(cast: Cast) -> None:
    client, school = cast.client("office"), cast.schools["kersenboom"]
    client.post(PAGE, posted("DRINGEND", ("SMS", "15", "MINUTES"), ("CALL", "", "DAYS")))
    assert policies.ladder_for(school.pk, "DRINGEND").rungs[0] == Rung("SMS", 15, "MINUTES")
    refused = client.post(PAGE, posted("ACTIE", ("SMS", "15", "MINUTES"), ("CALL", "", "DAYS")))
    assert refused.status_code == 422
    assert 'id="id_ACTIE-unit_1_error"' in refused.content.decode(), "it stands beside the field, which names it"


def test_what_is_wrong_is_said_beside_the_form(cast: Cast) -> None:
    answer = cast.client("head").post(PAGE, posted("ACTIE", ("CALL", "", "DAYS"), ("SMS", "", "DAYS")))
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert not LadderPolicy.objects.exists()


def test_another_school_is_not_there(cast: Cast) -> None:
    other = cast.schools["bloesem"].pk
    for who in ("head", "office"):
        client = cast.client(who)
        assert client.get(f"{PAGE}?school={other}").status_code == 404
        assert client.post(f"{PAGE}?school={other}", posted("ACTIE", ("SMS", "", "DAYS"))).status_code == 404
        assert client.get(f"{PAGE}?school=x").status_code == 404
    assert client.post(PAGE, posted("NIETS", ("SMS", "", "DAYS"))).status_code == 404
    assert not LadderPolicy.objects.exists()


def test_the_administrator_sets_any_school(cast: Cast) -> None:
    school = cast.schools["bloesem"]
    cast.client("admin").post(f"{PAGE}?school={school.pk}", posted("INFO", ("LETTER", "", "DAYS")))
    assert policies.ladder_for(school.pk, "INFO").rungs == (Rung("LETTER"),)


def test_what_a_colleague_set_meanwhile_is_not_undone_unseen(cast: Cast) -> None:
    head, office, school = cast.client("head"), cast.client("office"), cast.schools["kersenboom"]
    rows = head.get(PAGE).context["ladders"]
    seen = {"ACTIE-seen": next(str(row["form"]["seen"].value()) for row in rows if row["kind"] == "ACTIE")}
    office.post(PAGE, posted("ACTIE", ("LETTER", "3", "DAYS"), ("CALL", "", "DAYS")))
    mine = posted("ACTIE", ("SMS", "2", "DAYS"), ("CALL", "", "DAYS"))
    answer = head.post(PAGE, mine | seen)
    assert answer.status_code == 422
    assert "Iemand anders heeft dit intussen gewijzigd: Stap 1 (brief). Kijk" in answer.content.decode()
    assert policies.ladder_for(school.pk, "ACTIE").rungs[0] == Rung("LETTER", 3)
    rows = answer.context["ladders"]
    seen = {"ACTIE-seen": next(str(row["form"]["seen"].value()) for row in rows if row["kind"] == "ACTIE")}
    assert head.post(PAGE, mine | seen).status_code == 302
    assert policies.ladder_for(school.pk, "ACTIE").rungs[0] == Rung("SMS", 2)
