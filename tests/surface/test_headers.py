"""Production as a stranger meets it: settings that refuse to start, headers, cookies, error pages, logs."""

from __future__ import annotations

import io
import json
import logging
import os
import secrets
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import path, reverse

from ingroeibloei.logs import LineFormatter, RedactTokens, VisitorsFaults, redact
from ingroeibloei.urls import handler400, handler403, handler404, handler500, urlpatterns
from messaging.tokens import make_token
from parents.models import ContactPoint
from parents.sealing import make_key
from parents.services import write_clb_note
from schools.limits import client_address
from tests.surface.rows import Rows

ROOT = Path(__file__).resolve().parents[2]
KEY = secrets.token_urlsafe(48)
PRODUCTION = {
    "INGROEIBLOEI_ENV": "production",
    "SECRET_KEY": KEY,
    "NOTICE_LINK_KEY": secrets.token_urlsafe(48),
    "ALLOWED_HOSTS": "portaal.example.be",
    "SITE_URL": "https://portaal.example.be",
}
UNTOLD = "Geheime zin over het gezin"
TYPED = {"text": "Nota over Yusuf", "contact": "nadia@thuis.example, 0470 00 00 02"}


def start(tmp_path: Path, code: str, **changes: str | None) -> subprocess.CompletedProcess[str]:
    """A process with production settings, changed by name; None removes a variable."""
    wanted = {"PATH": os.environ["PATH"], "INGROEIBLOEI_VAR": str(tmp_path), **PRODUCTION, **changes}
    environment = {name: value for name, value in wanted.items() if value is not None}
    program = f"import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'ingroeibloei.settings'\n{code}"
    return subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300
    )


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"SECRET_KEY": None}, "SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"NOTICE_LINK_KEY": None}, "NOTICE_LINK_KEY"),
        ({"NOTICE_LINK_KEY": KEY}, "NOTICE_LINK_KEY"),
        ({"DEBUG": "1"}, "DEBUG"),
        ({"ALLOWED_HOSTS": None}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "."}, "ALLOWED_HOSTS"),
        ({"SITE_URL": None}, "SITE_URL"),
        ({"SITE_URL": "http://portaal.example.be"}, "SITE_URL"),
        ({"SITE_URL": "https://"}, "SITE_URL"),
        ({"INGROEIBLOEI_ENV": "prod"}, "INGROEIBLOEI_ENV"),
        ({"INGROEIBLOEI_ENV": None, "SECRET_KEY": None}, "SECRET_KEY"),
    ],
)
def test_production_refuses_to_start_with(tmp_path: Path, changes: dict[str, str | None], named: str) -> None:
    ended = start(tmp_path, "from django.conf import settings; settings.DEBUG", **changes)
    assert ended.returncode != 0
    last = ended.stderr.strip().splitlines()[-1]
    assert "ImproperlyConfigured" in last
    assert named in last
    assert KEY not in ended.stderr


LOOK = """
import json
import django
django.setup()
from django.core.management import call_command
from django.conf import settings
from django.test import Client
from django.urls import get_resolver
call_command("migrate", verbosity=0)
call_command("catalogs", "--compile", verbosity=0)
call_command("collectstatic", interactive=False, verbosity=0)
call_command("check", deploy=True, fail_level="WARNING")
DEMO = ("/demo/", "/demo/word/an/", "/demo/uitgaand/", "/demo/uitgaand/1/", "/demo/uitgaand/1/html/", "/galerij/")
client = Client(raise_request_exception=False, headers={"host": "portaal.example.be"})
def ask(path, method="get", **more):
    answer = getattr(client, method)(path, **more)
    return [answer.status_code, dict(answer.headers), answer.content.decode("utf-8", "replace")[:20000]]
def page(path, method="get", **more):
    return ask(path, method, secure=True, **more)
found = {
    "plain": ask("/accounts/aanmelden/"),
    "login": page("/accounts/aanmelden/"),
    "parents": page("/ouders/aanmelden/?taal=ar"),
    "host": page("/accounts/aanmelden/", headers={"host": "elders.example"}),
    "forwarded": page("/accounts/wachtwoord/vergeten/", headers={"x-forwarded-host": "elders.example"}),
    "missing": page("/school/bestaat-niet/"),
    "demo": {path: [page(path)[0], page(path, "post")[0]] for path in DEMO},
    "cookies": {name: {key: morsel[key] for key in ("secure", "httponly", "samesite", "path", "domain")}
                for name, morsel in client.cookies.items()},
    "proxies": [str(network) for network in settings.WEB_PROXIES],
}
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a production process answers; it also runs ``check --deploy``, which must find nothing."""
    ended = start(tmp_path_factory.mktemp("production"), LOOK)
    assert ended.returncode == 0, ended.stderr[-2000:]
    found: dict[str, Any] = json.loads(ended.stdout.strip().splitlines()[-1])
    return found


def test_cookies_belong_to_this_host_alone(production: dict[str, Any]) -> None:
    assert set(production["cookies"]) == {"__Host-session", "__Host-csrf"}
    for morsel in production["cookies"].values():
        assert morsel == {"secure": True, "httponly": True, "samesite": "Lax", "path": "/", "domain": ""}


def test_everything_moves_to_https_and_stays_there(production: dict[str, Any]) -> None:
    status, headers, _body = production["plain"]
    assert (status, headers["Location"]) == (301, "https://portaal.example.be/accounts/aanmelden/")
    assert production["login"][0] == 200
    assert production["login"][1]["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains; preload"


def test_a_page_of_production_carries_its_headers(production: dict[str, Any]) -> None:
    for name in ("login", "parents", "missing"):
        headers = production[name][1]
        policy = headers["Content-Security-Policy"]
        for directive in ("default-src 'none'", "object-src 'none'", "base-uri 'none'"):
            assert directive in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert headers["Permissions-Policy"] == "camera=(), geolocation=(), microphone=(), payment=()"
        assert "no-store" in headers["Cache-Control"]


def test_another_host_name_gets_nothing(production: dict[str, Any]) -> None:
    status, _headers, body = production["host"]
    assert status == 400
    assert "elders.example" not in body
    assert "elders.example" not in production["forwarded"][2]


def test_the_demos_routes_are_not_there(production: dict[str, Any]) -> None:
    for statuses in production["demo"].values():
        assert statuses == [404, 404]


def test_the_visitors_address_comes_from_our_proxy(production: dict[str, Any]) -> None:
    assert production["proxies"] == ["127.0.0.1/32"]


def broken(request: HttpRequest, what: str) -> HttpResponse:
    """A page that fails while it holds something that may be told to nobody."""
    text = f"{UNTOLD} {request.POST.get('text', '')}"
    contact = request.POST.get("contact", "")
    if what == "403":
        raise PermissionDenied(text)
    if what == "404":
        raise Http404(text)
    if what == "row":
        raise IntegrityError(f'null value in column "x"\nDETAIL:  Failing row contains (7, {text}, {contact})')
    raise ValueError(f"{text} van {contact}")


class BrokenPages:
    """The portal's addresses, and some that fail."""

    urlpatterns = [path("stuk/<str:what>/", broken), *urlpatterns]
    handler400, handler403, handler404, handler500 = handler400, handler403, handler404, handler500


@pytest.fixture
def lines() -> Any:
    """What the console would show."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(RedactTokens())
    handler.addFilter(VisitorsFaults())
    handler.setFormatter(LineFormatter("%(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.mark.django_db
@override_settings(ROOT_URLCONF=BrokenPages)
@pytest.mark.parametrize(("what", "status"), [("403", 403), ("404", 404), ("500", 500), ("row", 500)])
def test_an_error_page_and_its_line_tell_no_details(lines: io.StringIO, what: str, status: int) -> None:
    answer = Client(raise_request_exception=False).post(
        f"/stuk/{what}/", {"text": "Nota over Yusuf", "contact": "nadia@thuis.example, 0470 00 00 02"}
    )
    assert answer.status_code == status
    for secret in (UNTOLD, "Nota over Yusuf", "nadia@thuis.example", "0470 00 00 02", "Traceback", "test_headers"):
        assert secret not in answer.content.decode()
    for secret in (UNTOLD, "Nota over Yusuf", "nadia@thuis.example", "0470 00 00 02"):
        assert secret not in lines.getvalue()
    if status == 500:
        assert "in broken" in lines.getvalue(), "an operator must see where it went wrong"


@pytest.mark.parametrize(
    ("address", "host", "told"),
    [("/", "elders.example", "elders.example"), ("/school/week/?q=%00", "testserver", "/school/week/")],
)
def test_a_visitor_who_tries_doors_is_one_line(address: str, host: str, told: str, lines: io.StringIO) -> None:
    """They are tried all day long."""
    handlers: Any = settings.LOGGING["handlers"]
    assert "visitors" in handlers["console"]["filters"]
    assert Client().get(address, HTTP_HOST=host).status_code == 400
    (line,) = lines.getvalue().splitlines()
    assert told in line


def test_requests_are_mailed_to_nobody() -> None:
    for name in ("django", "django.request", "django.server", "django.security"):
        assert logging.getLogger(name).handlers == [], name


@pytest.mark.parametrize(
    "line",
    [
        '"GET /b/Abc-123_xyzABCDE/antwoord/?taal=ar HTTP/1.1" 200 "https://portaal.example.be/b/Abc-123_xyzABCDE/"',
        "Not Found: /accounts/wachtwoord/nieuw/1-Abc-123_xyzABCDE/",
        "Not Found: /meting/tablet/1.Abc-123_xyzABCDE.Abc-123_xyzABCDE/",
        "Forbidden (CSRF cookie not set.): /b/Abc-123_xyzABCDE/vraag/",
        '"POST /b/Abc-123_xyzABCDE/keuzes/code/ HTTP/1.1" 303 "-"',
        "mail to nadia.o'hara+x@thuis.example refused",
        "text to +32470000002 refused, 0470 00 00 02, 011/00.11.22",
    ],
)
def test_lines_lose_what_names_a_person(line: str) -> None:
    for secret in ("Abc-123_xyzABCDE", "thuis.example", "nadia", "470", "00.11.22"):
        assert secret not in redact(line)


def test_lines_keep_what_an_operator_needs() -> None:
    for line in (
        "2026-11-24 04:37:05,916 ERROR celery.worker 127.0.0.1:8000 took 1234.5678 s",
        "Not Found: /school/berichten/123456/",
    ):
        assert redact(line) == line


def test_a_long_name_that_a_visitor_sends_keeps_no_processor_busy() -> None:
    began = time.process_time()
    for line in ("a" * 64_000, "a@" + "a-" * 32_000, "a@" * 32_000):
        assert redact(line) == line
    assert time.process_time() - began < 1
    assert redact("a@b@c.example!d@e.example,f@g.example") == "a@……,…"


def test_a_line_cannot_be_forged(lines: io.StringIO) -> None:
    logging.getLogger("django.request").warning("Not Found: %s", "/x\r\nERROR root everything is gone")
    assert len(lines.getvalue().strip().splitlines()) == 1


@pytest.mark.django_db
def test_a_day_at_the_portal_leaves_no_personal_line(rows: Rows, lines: io.StringIO) -> None:
    logging.getLogger("django").setLevel(logging.DEBUG)
    try:
        _live_a_day(rows)
    finally:
        logging.getLogger("django").setLevel(logging.NOTSET)
    told = lines.getvalue()
    assert "/b/…/" in told, "the walk met no link that is logged"
    cast = rows.cast
    names = {guardian.last_name for guardian in cast.guardians.values()}
    names |= {pupil.first_name for pupil in cast.pupils.values()}
    for word in (*names, "thuis.example", "elders.example", "+3247", "0470", "straat", "Line of the", UNTOLD, "متى"):
        assert word not in told, word
    assert make_token(rows.delivery_to("separated_father")) not in told


def _live_a_day(rows: Rows) -> None:
    """Pages, wrong addresses, refused forms and a sealed note."""
    cast = rows.cast
    make_key(cast.centres["vclb"])
    write_clb_note(
        contact_moment=cast.moments["gate"], centre=cast.centres["vclb"], text=UNTOLD, author=cast.staff["clb_vclb"]
    )
    token = make_token(rows.delivery_to("separated_father"))
    visitor, careful = Client(), Client(enforce_csrf_checks=True)
    for client in (visitor, careful):
        client.post(reverse("token_question", args=[token]), {"text": UNTOLD})
        client.post(reverse("token_answer", args=[token]), {"answer": "yes"})
        client.post(reverse("guardian_sign_in"), {"contact": "karim@elders.example"})
        client.post(reverse("account_login"), {"login": "karim@elders.example", "password": UNTOLD})
    visitor.get(reverse("token_notice", args=[token]))
    visitor.get(f"/b/{token}x/")
    visitor.get(reverse("token_choices", args=[token]))
    point = ContactPoint.objects.get(value="karim@elders.example")
    visitor.post(reverse("token_choices", args=[token]), {"point": str(point.pk)})
    visitor.post(reverse("token_code", args=[token]), {"code": "000000"})
    careful.post(reverse("token_choices", args=[token]), {"form": "contact", "contact-contact": "0470 00 00 05"})
    visitor.delete(reverse("token_notice", args=[token]))
    staff = cast.client("clb_vclb")
    for name in ("family_list", "search"):
        staff.get(reverse(name), {"q": "Haddad"})
    staff.get(reverse("family_detail", args=[cast.families["haddad"].pk]))
    staff.get(reverse("contact_detail", args=[cast.moments["gate"].pk]))
    cast.client("teacher_1a").get(reverse("family_detail", args=[cast.families["haddad"].pk]))
    cast.client("office").get(reverse("contact_detail", args=[cast.moments["gate"].pk]))


@pytest.mark.parametrize(
    ("by", "says", "address"),
    [
        ("127.0.0.1", "192.0.2.7", "192.0.2.7"),
        ("127.0.0.1", "192.0.2.9, 192.0.2.7", "192.0.2.7"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("", "192.0.2.7", "192.0.2.7"),
        ("10.0.0.8", "192.0.2.7", "10.0.0.8"),
        ("127.0.0.1", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("127.0.0.1", "2001:db8:1:2::99", "2001:db8:1:2::"),
        ("127.0.0.1", "::ffff:192.0.2.7", "192.0.2.7"),
        ("127.0.0.1", "unknown", "unknown"),
    ],
)
def test_only_our_own_proxy_says_where_a_request_came_from(settings: Any, by: str, says: str, address: str) -> None:
    """Whoever reaches the web server itself would else try codes from another address each time, and so would whoever
    has a line with many."""
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    headers = {"X-Forwarded-For": says} if says else {}
    request = RequestFactory().get("/", REMOTE_ADDR=by, headers=headers)
    assert client_address(request) == get_adapter(request).get_client_ip(request) == address
