"""Languages that a city adds by settings: notices without a migration, reference texts with one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

#: A notice to a parent who reads Tigrinya: translated by a person, planned in it, read in it within Dutch pages.
NOTICE = """
from tests.cast import build_cast
from messaging.content import load_templates
from messaging.formats import written
from messaging.models import Delivery, NoticeTemplate
from messaging.services import create_notice, publish_notice, write_translation
from messaging.tokens import make_token
from django.test import Client
load_templates(["coffee-morning"])
cast = build_cast()
father = cast.guardians["separated_father"]
father.contact_language = "ti"
father.save()
notice = create_notice(
    author=cast.staff["teacher_3b"], template=NoticeTemplate.objects.get(slug="coffee-morning"),
    school=cast.schools["kersenboom"], school_class=cast.classes["3b"],
    values={"activity": "koffie", "date": "2027-02-11", "time": "09:00", "place": "de refter"},
)
text = {"title": "ናይ ቡን ንግሆ", "subject": "ቡን", "sms": "ቡን", "body": "ንዑ ቡን ስተዩ።", "slots": {"what": "ቡን"}}
write_translation(notice=notice, language="ti", text=text, author=cast.staff["translator"])
publish_notice(notice=notice, by=notice.author)
delivery = Delivery.objects.filter(guardian=father).first()
html = Client().get(f"/b/{make_token(delivery)}/").content.decode()
days = [written("date", "2027-02-11", "ti", short=short) for short in (False, True)]
print("LANGUAGE", delivery.language, "DAY", *days)
print("FRAME", '<html lang="nl-BE"' in html, "WORDS", 'lang="ti"' in html and "ናይ ቡን ንግሆ" in html)
"""


def portal(folder: Path, *words: str, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """A command of the portal with languages of its own, in a copy of the code."""
    clean = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=folder,
        env=clean | {"INGROEIBLOEI_ENV": "test", "INGROEIBLOEI_VAR": str(folder / "var")} | environment,
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def house(tmp_path: Path) -> Path:
    folder = tmp_path / "house"
    for name in ("ingroeibloei", "schools", "parents", "messaging", "reports", "templates", "tests", "locale"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("*.woff2"))
    shutil.copy(ROOT / "manage.py", folder)
    return folder


def test_a_code_that_nobody_knows_stops_the_start(tmp_path: Path) -> None:
    for wrong in ({"PARTNER_LANGUAGES": "tlh"}, {"TEXT_LANGUAGES": "ti"}):
        answer = portal(ROOT, "check", **wrong)
        assert answer.returncode != 0
        assert f"{next(iter(wrong))} names {next(iter(wrong.values()))}; known are:" in answer.stderr


@pytest.mark.full
def test_notices_go_out_in_a_partner_language_without_a_migration(house: Path) -> None:
    partner = {"PARTNER_LANGUAGES": "ti"}
    assert portal(house, "migrate", "-v0", **partner).returncode == 0
    assert "No changes" in portal(house, "makemigrations", "--check", "--dry-run", **partner).stdout
    answer = portal(house, "shell", "-v0", stdin=NOTICE, **partner)
    assert "LANGUAGE ti DAY 11/02/2027 11/02\nFRAME True WORDS True" in answer.stdout, answer.stderr[-2000:]


@pytest.mark.full
def test_reference_texts_get_their_columns_by_a_command(house: Path) -> None:
    asked = {"PARTNER_LANGUAGES": "ti sq", "TEXT_LANGUAGES": "ti"}
    refused = portal(house, "text_columns")
    assert refused.returncode != 0
    assert "Set PARTNER_LANGUAGES and TEXT_LANGUAGES" in refused.stderr
    made = portal(house, "text_columns", **asked)
    assert made.returncode == 0, made.stderr
    for app in ("schools", "messaging"):
        found = list((house / app / "migrations").glob("*_texts_ti.py"))
        assert len(found) == 1
        assert "_ti'" in found[0].read_text()
    assert "No changes" in portal(house, "makemigrations", "--check", "--dry-run", **asked).stdout
    assert portal(house, "migrate", "-v0", **asked).returncode == 0
    report = portal(house, "texts", "--load", **asked)
    assert report.returncode == 0, report.stderr
    assert "sjabloon   ti     0 of   19 complete" in report.stdout
    assert "sjabloon   pa    19 of   19 complete" in report.stdout
    checked = portal(house, "texts", "--check", **asked)
    assert checked.returncode != 0
    assert "ti, title: Nog niet vertaald." in checked.stderr
    assert portal(house, "texts", "--check", PARTNER_LANGUAGES="ti").returncode == 0


#: As a release after the first one brings it: it knows nothing of the city's languages.
OF_A_RELEASE = """
from django.db import migrations, models

class Migration(migrations.Migration):
    dependencies = [("{app}", "0002_guards")]
    operations = []
"""


@pytest.mark.full
def test_a_new_version_with_migrations_of_its_own_meets_those_of_a_city(house: Path) -> None:
    asked = {"PARTNER_LANGUAGES": "ti", "TEXT_LANGUAGES": "ti"}
    assert portal(house, "text_columns", **asked).returncode == 0
    assert portal(house, "migrate", "-v0", **asked).returncode == 0
    for number in ("0003", "0004"):  # two releases, the second begins where the first one ended
        for app in ("schools", "messaging"):
            words = OF_A_RELEASE.format(app=app)
            if number == "0004":
                words = words.replace("0002_guards", "0003_of_a_release")
            (house / app / "migrations" / f"{number}_of_a_release.py").write_text(words)
        refused = portal(house, "prepare", **asked)
        assert refused.returncode != 0
        assert "(messaging, schools). Run first: manage.py text_columns" in refused.stderr
        made = portal(house, "text_columns", **asked)
        assert made.returncode == 0, made.stderr
        again = portal(house, "text_columns", **asked)
        assert again.stdout.count("No changes detected") == 2, again.stderr
        ready = portal(house, "prepare", **asked)
        assert ready.returncode == 0, ready.stderr
        assert "No changes" in portal(house, "makemigrations", "--check", "--dry-run", **asked).stdout
