"""What people of two portals do in ``test_second_portal``, each step in a process of that portal."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from messaging.models import NoticeTemplate
from messaging.services import create_notice, publish_notice
from reports.models import EvaluationReport, PlaybookPackage, ReportChapter
from schools import clock
from schools.models import Assignment, Method, Project, Role, User
from tests.cast import _build_town, staff_browser

OWN = "book-market"


def write_a_card_and_a_template() -> None:
    """In the first city: what no other portal has."""
    template = NoticeTemplate.objects.get(slug="coffee-morning")
    answers = list(template.answers.all())
    template.pk, template.slug = None, OWN
    template.title_nl = "Boekenmarkt voor ouders"  # type: ignore[attr-defined]
    template.body_nl = f"Er is een boekenmarkt.\n{template.body_nl}"  # type: ignore[attr-defined]
    template.save()
    for answer in answers:
        answer.pk, answer.template = None, template
        answer.save()
    card = Method.objects.get(slug="coffee-moment")
    card.pk, card.slug, card.title_nl = None, OWN, "Boekenmarkt"  # type: ignore[attr-defined]
    card.template_slugs = [OWN]
    card.save()


def lay_a_town() -> None:
    """In the second city: schools, classes, a joint worker with a project, families."""
    _build_town()


def say_session(role: str, place: str = "") -> None:
    """Print the session with which the first colleague of this role, at a school of that name, is signed in."""
    posts = Assignment.objects.current().filter(role=role)
    post = (posts.filter(school__name__contains=place) if place else posts).order_by("pk")[0]
    print(f"session={staff_browser(post.user, SERVER_NAME='localhost').session.session_key}")


def take_the_draaiboek_over(file: str) -> None:
    """Its joint worker brings the package in, looks, and installs what is new."""
    browser = _joint_worker()
    upload = SimpleUploadedFile("draaiboek.zip", Path(file).read_bytes())
    answer = browser.post(reverse("package_bring"), {"file": upload})
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    page = browser.get(answer.headers["Location"]).content.decode()
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', page)
    assert seen is not None
    new = re.findall(r'type="checkbox" name="(item-[0-9]+)"', page)
    fields = {"seen": seen[1], "others": "keep", **dict.fromkeys(new, "on")}
    assert browser.post(answer.headers["Location"], fields).status_code == 302
    row = PlaybookPackage.objects.get()
    assert row.installed_at is not None
    assert row.added >= 2
    assert "Boekenmarkt" in browser.get(reverse("method_card", args=[OWN])).content.decode()


def send_a_first_notice() -> None:
    """A teacher invites with the template that came along."""
    post = Assignment.objects.current().filter(role=Role.TEACHER, school_class__name="3B").first()
    assert post is not None
    assert post.school is not None
    assert post.school_class is not None
    day = clock.today() + timedelta(days=10)
    notice = create_notice(
        author=post.user,
        template=NoticeTemplate.objects.get(slug=OWN),
        school=post.school,
        school_class=post.school_class,
        values={"activity": "Boekenmarkt", "date": day.isoformat(), "time": "16:00", "place": "de refter"},
    )
    publish_notice(notice=notice, by=post.user)


def draft_a_first_evaluation() -> None:
    """Its joint worker begins the report of the project: every chapter is there, with its figures."""
    browser, project = _joint_worker(), Project.objects.get()
    assert browser.post(reverse("report_new"), {"project": project.pk}).status_code == 302
    report = EvaluationReport.objects.get()
    assert ReportChapter.objects.filter(report=report).count() == 16
    page = browser.get(reverse("report_detail", args=[report.pk]))
    assert page.status_code == 200
    assert re.search(r"\d", page.content.decode())


def _joint_worker() -> Client:
    post = Assignment.objects.get(role=Role.JOINT_CLB)
    return staff_browser(User.objects.get(pk=post.user_id), SERVER_NAME="localhost")
