"""An empty portal: who runs the server begins it with a code and is led along its first steps; then they are gone."""

from __future__ import annotations

import smtplib
import socket
import ssl
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from anymail.exceptions import AnymailAPIError
from django.core import mail
from django.test import Client
from django.urls import reverse

from ingroeibloei.backups import agefile
from ingroeibloei.beginning import code, steps
from ingroeibloei.operating import placed
from messaging.models import NoticeTemplate
from messaging.trying import try_mail, try_sms
from schools import clock
from schools.models import Assignment, CLBCentre, FirstStep, Network, Project, Role, School, SchoolYear, User
from schools.scope import scope_of
from tests import factories as make
from tests.cast import Cast, staff_browser

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_cache")]
BEGIN, FIRST = "/beginnen/", "/school/beginnen/"
PASSWORD = "vier-gele-fietsen-7"


@pytest.fixture
def own_cache(settings: Any, tmp_path: Path) -> None:
    """Tries are counted for each test apart."""
    kind = "django.core.cache.backends.filebased.FileBasedCache"
    settings.CACHES = {"default": {"BACKEND": kind, "LOCATION": tmp_path / "cache"}}


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.VAR_DIR = tmp_path
    return tmp_path


@pytest.fixture
def typed(folder: Path) -> dict[str, str]:
    """What whoever runs the server types."""
    file = code.offer_code()
    assert file is not None
    return {"code": file.read_text().strip(), "full_name": "Nele  Baas", "email": "It@Stad.example"}


@pytest.fixture
def admin(typed: dict[str, str]) -> Client:
    """The first administrator, signed in with a second factor."""
    answer = Client().post(BEGIN, typed)
    words = {"new_password1": PASSWORD, "new_password2": PASSWORD}
    assert Client().post(answer.headers["Location"], words).status_code == 302
    user = User.objects.get()
    TOTP.activate(user, generate_totp_secret())
    return staff_browser(user)


def step(slug: str) -> str:
    return reverse("first_step", args=[slug])


class TestTheCode:
    def test_it_opens_the_portal_once_to_whoever_reads_the_file(self, typed: dict[str, str], folder: Path) -> None:
        assert code.code_file().stat().st_mode & 0o777 == 0o600
        assert len(typed["code"].replace("-", "")) * 5 == 120, "letters of five bits"
        assert BEGIN in Client().get("/").content.decode()
        answer = Client().post(BEGIN, typed | {"code": typed["code"].lower().replace("-", " ")})
        assert answer.status_code == 302
        words = {"new_password1": PASSWORD, "new_password2": PASSWORD}
        assert Client().post(answer.headers["Location"], words).status_code == 302
        user = User.objects.get(email="it@stad.example")
        assert (user.full_name, user.check_password(PASSWORD), scope_of(user).roles) == ("Nele Baas", True, {"ADMIN"})
        assert NoticeTemplate.objects.exists()
        assert SchoolYear.objects.exists()
        assert list(folder.glob("begin*")) == []
        assert Client().get(BEGIN).status_code == 404
        assert Client().post(BEGIN, typed | {"email": "dief@elders.example"}).status_code == 404
        assert BEGIN not in Client().get("/").content.decode()
        assert User.objects.count() == 1

    @pytest.mark.parametrize("wrong", ["", "AAAA-BBBB-CCCC-DDDD-EEEE-FFFF", "../begin_code.txt", "A" * 60, "é"])
    def test_a_guess_opens_nothing_and_what_was_typed_stays(self, typed: dict[str, str], wrong: str) -> None:
        answer = Client().post(BEGIN, typed | {"code": wrong})
        assert answer.status_code == 422
        assert "It@Stad.example" in answer.content.decode()
        assert typed["code"] not in answer.content.decode()
        assert not User.objects.exists()

    def test_after_ten_tries_nobody_learns_whether_a_code_is_right(self, typed: dict[str, str]) -> None:
        for _try in range(10):
            assert Client().post(BEGIN, typed | {"code": "niets"}).status_code == 422
        answers = [Client().post(BEGIN, typed | {"code": one}) for one in ("niets", typed["code"])]
        assert [answer.status_code for answer in answers] == [429, 429]
        assert "niet de code" not in "".join(answer.content.decode() for answer in answers)
        assert not User.objects.exists()

    def test_a_portal_with_an_administrator_has_no_such_page(self, cast: Cast, folder: Path) -> None:
        assert code.offer_code() is None
        code.code_file().write_text("AAAA")  # left by somebody
        for answer in (Client().get(BEGIN), Client().post(BEGIN, {"code": "AAAA"})):
            assert answer.status_code == 404

    def test_an_only_administrator_whose_second_factor_was_taken_away_leaves_no_open_door(
        self, cast: Cast, folder: Path
    ) -> None:
        Authenticator.objects.all().delete()
        User.objects.update(last_login=clock.now())
        assert code.offer_code() is None

    def test_starting_again_makes_another_code(self, typed: dict[str, str]) -> None:
        code.offer_code()
        assert Client().post(BEGIN, typed).status_code == 422

    def test_two_at_once_make_one_administrator_and_a_failure_gives_the_code_back(self, typed: dict[str, str]) -> None:
        with code.used_up(), pytest.raises(code.CodeGoneError), code.used_up():
            raise AssertionError("the second came in")
        code.offer_code()
        with pytest.raises(ZeroDivisionError), code.used_up():
            raise ZeroDivisionError
        assert code.is_waiting()

    def test_it_is_said_where_the_code_is_but_not_what_it_is(self, typed: dict[str, str]) -> None:
        said = code.how_to_begin(code.code_file())
        assert str(code.code_file()) in said
        assert typed["code"] not in said


class TestTheSteps:
    def test_from_the_first_centre_to_the_last_head(self, admin: Client, settings: Any) -> None:
        settings.SMS_DRIVER = "record"
        assert admin.get("/").headers["Location"] == FIRST
        assert "0 van 8 stappen" in admin.get(FIRST).content.decode()
        assert admin.post(FIRST, follow=True).content.decode().count("Er is nog een stap te doen.")
        centre = {"name": "VCLB Overstad", "network": Network.VGO, "phone": "", "email": ""}
        assert admin.post(step("centra"), centre).headers["Location"] == step("scholen")
        networks = " ".join(admin.get(step("scholen")).content.decode().split())
        assert "<dt>Vrij gesubsidieerd onderwijs</dt><dd>VCLB Overstad · 0 scholen</dd>" in networks
        assert "<dt>Gemeenschapsonderwijs</dt><dd>nog niemand</dd>" in networks
        facts = {"name": "De Wilg", "institution_number": "123456", "network": Network.VGO, "street": "Plein 1"}
        more = {"postcode": "3800", "city": "Overstad", "phone": "011000000", "email": "school@wilg.example"}
        clb = {"clb": CLBCentre.objects.get().pk}
        assert admin.post(step("scholen"), facts | more | clb).headers["Location"] == step("project")
        year = SchoolYear.objects.latest("starts_on")
        days = {"starts_on": year.starts_on, "ends_on": year.ends_on, "report_due_on": year.ends_on}
        school = School.objects.get()
        project = {"name": "In bloei", "year": year.pk, **days, f"school{school.pk}": "PILOT"}
        assert admin.post(step("project"), project).headers["Location"] == step("vakanties")
        assert Project.objects.get().participations.get().school == school
        holidays = admin.get(step("vakanties")).content.decode()
        assert "Kerstvakantie" in holidays
        assert "in de tijdzone Europe/Brussels" in holidays
        assert admin.post(step("vakanties")).headers["Location"] == step("talen")
        assert "ਪੰਜਾਬੀ" in admin.get(step("talen")).content.decode()
        admin.post(step("talen"))
        assert admin.post(step("mail")).headers["Location"] == step("sms")
        assert mail.outbox[-1].to == ["it@stad.example"]
        assert admin.post(step("sms"), {"number": "+32470000000"}).headers["Location"] == step("directies")
        head = {"school": school.pk, "full_name": "Ria Wils", "email": "ria@wilg.example"}
        assert admin.post(step("directies"), head).headers["Location"] == FIRST
        assert Assignment.objects.get(role=Role.HEAD).school == school
        assert "8 van 8 stappen" in admin.get(FIRST).content.decode()
        assert admin.post(FIRST).headers["Location"] == reverse("places")
        for page in (FIRST, step("mail")):
            assert admin.get(page).status_code == 404
        assert admin.post(step("centra"), centre | {"name": "Nog een"}).status_code == 404
        assert CLBCentre.objects.count() == 1

    @pytest.mark.parametrize(("slug", "first"), [("scholen", "centra"), ("directies", "scholen")])
    def test_a_step_with_nothing_to_choose_from_leads_to_the_one_before(
        self, admin: Client, slug: str, first: str
    ) -> None:
        for answer in (admin.get(step(slug)), admin.post(step(slug), {"name": "De Wilg"})):
            words = answer.content.decode()
            assert answer.status_code == 200
            assert f'href="{step(first)}"' in words
            assert '<form method="post" class="form"' not in words

    def test_a_school_takes_part_in_the_first_project_unless_it_is_said_otherwise(self, admin: Client) -> None:
        school = make.make_school()
        words = admin.get(step("project")).content.decode()
        chosen = words[words.index(f'name="school{school.pk}"') :]
        assert '<option value="PILOT" selected>' in chosen[: chosen.index("</select>")]
        assert 'name="partners"' not in words
        assert ">Partners" not in words[words.index("<main") : words.index("</main>")], "there is none to choose"

    def test_where_every_school_has_its_head_nobody_is_appointed(self, admin: Client) -> None:
        make.make_head(make.make_school())
        words = admin.get(step("directies")).content.decode()
        assert "Elke school heeft haar directie." in words
        assert "Aanstellen" not in words

    def test_nothing_is_late_before_the_first_night(self, admin: Client, settings: Any) -> None:
        settings.BACKUP_KEY = agefile.new_key()[1]
        late = {"backup", "retention"}
        assert not late & {finding.code for finding in placed.look()}
        FirstStep.objects.filter(name="BEGUN").update(done_at=clock.now() - timedelta(days=3))
        assert late <= {finding.code for finding in placed.look() if not finding.is_well}

    def test_one_goes_on_where_one_stopped(self, admin: Client) -> None:
        admin.post(step("vakanties"))
        shown = " ".join(admin.get(FIRST).content.decode().split())
        assert "1 van 8 stappen" in shown
        assert shown.count(f'href="{step("centra")}"') == 2, "in the list, and to go on"
        assert steps.next_step(steps.done_steps()) == "centra"

    def test_what_is_wrong_is_said_and_nothing_is_kept(self, admin: Client) -> None:
        answer = admin.post(step("centra"), {"name": "VCLB Overstad", "network": "X"})
        assert answer.status_code == 422
        assert "VCLB Overstad" in answer.content.decode()
        assert not CLBCentre.objects.exists()

    def test_text_messages_may_wait(self, admin: Client, settings: Any) -> None:
        settings.SMS_DRIVER = "off"
        answer = admin.post(step("sms"), {"number": "+32470000000"})
        assert answer.status_code == 422
        assert "Sms staat uit" in answer.content.decode()
        assert not FirstStep.objects.filter(name="SMS").exists()
        assert admin.post(step("sms"), {"number": "", "later": "1"}).status_code == 302
        assert "sms" in steps.done_steps()

    def test_a_mail_that_does_not_leave_leaves_the_step_open(
        self, admin: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("django.core.mail.EmailMessage.send", raising(ConnectionRefusedError(111, "refused")))
        answer = admin.post(step("mail"))
        assert answer.status_code == 422
        assert "De mailserver antwoordt niet" in answer.content.decode()
        assert "mail" not in steps.done_steps()

    @pytest.mark.parametrize(("key", "status"), [("head", 403), ("teacher_3b", 403), ("admin", 404)])
    def test_nobody_finds_them_in_a_portal_that_runs(self, cast: Cast, key: str, status: int) -> None:
        for page in (FIRST, step("mail")):
            assert cast.client(key).get(page).status_code == status
            assert cast.client(key).post(page).status_code == status

    def test_an_administrator_of_one_school_is_not_led_along(self, cast: Cast) -> None:
        cast.staff["admin"].assignments.update(school=cast.schools["kersenboom"])
        assert cast.client("admin").get(FIRST).status_code == 403


def raising(error: Exception) -> Any:
    def send(*_args: Any, **_more: Any) -> None:
        raise error

    return send


class TestWords:
    @pytest.mark.parametrize(
        ("error", "words"),
        [
            (smtplib.SMTPAuthenticationError(535, b"5.7.8 bad credentials"), "EMAIL_HOST_PASSWORD"),
            (smtplib.SMTPSenderRefused(550, b"not you", "a@b.example"), "DEFAULT_FROM_EMAIL"),
            (smtplib.SMTPRecipientsRefused({"a@b.example": (550, b"no")}), "aanvaardt je adres niet"),
            (ssl.SSLCertVerificationError("self-signed"), "certificaat"),
            (smtplib.SMTPNotSupportedError("no STARTTLS"), "EMAIL_USE_TLS"),
            (socket.gaierror(-2, "unknown"), "geen machine met deze naam"),
            (TimeoutError("timed out"), "firewall"),
            (AnymailAPIError("401"), "sleutel"),
            (ValueError("header"), "niet vertrokken"),
        ],
    )
    def test_each_trouble_with_mail_says_what_to_look_at(
        self, monkeypatch: pytest.MonkeyPatch, error: Exception, words: str
    ) -> None:
        monkeypatch.setattr("django.core.mail.EmailMessage.send", raising(error))
        said = try_mail("it@stad.example")
        assert words in said
        assert "Het antwoord was: " in said

    def test_each_trouble_with_text_messages_too(self, settings: Any) -> None:
        settings.SMS_DRIVER, settings.SMS_GATEWAY_URL = "gateway", "http://127.0.0.1:9/sendsms"
        assert "SMS_GATEWAY_URL" in try_sms("+32470000000")
        assert "geen telefoonnummer" in try_sms("bel mij")
        settings.SMS_DRIVER = "record"
        assert try_sms("+32470000000") == ""
