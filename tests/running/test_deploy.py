"""What lies in ``deploy/`` is taken by the programs that it is for, and names what is there."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import shlex
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from schools.roster import limits

ROOT = Path(settings.BASE_DIR)
DEPLOY = ROOT / "deploy"
DOCKERFILE = DEPLOY / "containers" / "Dockerfile"
UNITS = sorted(path.name for path in (DEPLOY / "systemd").iterdir())
SERVICES = [name for name in UNITS if name.endswith(".service")]


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """The units, for a portal that is installed here."""
    for name in UNITS:
        words = (DEPLOY / "systemd" / name).read_text()
        (tmp_path / name).write_text(words.replace("/opt/ingroeibloei/.venv/bin/python", f'"{sys.executable}"'))
    return tmp_path


def test_systemd_takes_every_unit(units: Path) -> None:
    paths = [str(path) for path in sorted(units.iterdir())]
    checked = subprocess.run(["systemd-analyze", "verify", *paths], capture_output=True, text=True)
    assert (checked.returncode, checked.stderr) == (0, "")


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_is_shut_in(name: str, units: Path) -> None:
    """systemd's own measure: 0 is shut in wholly, 10 not at all."""
    words = ["systemd-analyze", "security", "--offline=true", "--threshold=25", "--no-pager", str(units / name)]
    checked = subprocess.run(words, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout[-300:]


def test_what_units_start_is_there(units: Path) -> None:
    for name in SERVICES:
        for command in re.findall(r"^ExecStart=(.*)$", (units / name).read_text(), re.MULTILINE):
            words = shlex.split(command)
            assert words[0] == sys.executable
            if "manage.py" in words:
                place = Path("ingroeibloei/management/commands") / f"{words[words.index('manage.py') + 1]}.py"
                assert (ROOT / place).is_file()
            else:
                assert words[1:3] in (["-m", "gunicorn"], ["-m", "celery"])


def test_nginx_takes_the_site(tmp_path: Path) -> None:
    make_certificate(tmp_path)
    site = (DEPLOY / "nginx" / "portal.conf").read_text()
    locations = (DEPLOY / "nginx" / "portal-locations.conf").read_text()
    for old, new in (
        ("/etc/ssl/portal", str(tmp_path)),
        ("/etc/nginx/portal-locations.conf", str(tmp_path / "locations.conf")),
    ):
        site = site.replace(old, new)
    (tmp_path / "locations.conf").write_text(locations.replace("/var/log/nginx", str(tmp_path)))
    (tmp_path / "nginx.conf").write_text(f"pid {tmp_path}/pid; error_log stderr; events {{}}\nhttp {{ {site} }}\n")
    checked = subprocess.run(
        ["/usr/sbin/nginx", "-t", "-q", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")],
        capture_output=True,
        text=True,
    )
    assert checked.returncode == 0, checked.stderr


def test_nginx_writes_down_no_address_when_no_web_server_answers(tmp_path: Path) -> None:
    site = (DEPLOY / "nginx" / "portal.conf").read_text()
    log_format = next(line for line in site.splitlines() if line.startswith("log_format"))
    locations = (DEPLOY / "nginx" / "portal-locations.conf").read_text()
    (tmp_path / "locations.conf").write_text(locations.replace("/var/log/nginx", str(tmp_path)))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (tmp_path / "nginx.conf").write_text(
        f"daemon off; pid {tmp_path}/pid; error_log {tmp_path}/error.log; worker_processes 1; events {{}}\n"
        f"http {{ {log_format} upstream portal {{ server unix:{tmp_path}/nobody.sock; }}\n"
        f"server {{ listen 127.0.0.1:{port}; include {tmp_path}/locations.conf; }} }}\n"
    )
    front = subprocess.Popen(["/usr/sbin/nginx", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")])
    try:
        assert asked(port, "/b/a-links-own-secret/") == 502
    finally:
        front.terminate()
        front.wait()
    assert " 502 GET " in (tmp_path / "portal.log").read_text()
    assert "secret" not in (tmp_path / "error.log").read_text() + (tmp_path / "portal.log").read_text()


def asked(port: int, path: str) -> int:
    """What a server answers, once it listens."""
    for _try in range(200):
        page = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        with contextlib.closing(page), contextlib.suppress(ConnectionRefusedError):
            page.request("GET", path, headers={"Referer": f"https://portaal.example.be{path}"})
            return page.getresponse().status
        time.sleep(0.05)
    raise AssertionError("nothing listens")


def test_nginx_lets_through_what_a_page_takes() -> None:
    """Else nginx would refuse it, with a page that speaks to nobody."""
    size = re.search(r"client_max_body_size (\d+)m;", (DEPLOY / "nginx" / "portal-locations.conf").read_text())
    assert size
    assert int(size[1]) * limits.MEGABYTE >= limits.FILE + settings.UPLOAD_FILE_BYTES


def make_certificate(folder: Path) -> None:
    words = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "1",
        "-subj",
        "/CN=portaal.example.be",
    ]
    words += ["-keyout", str(folder / "privkey.pem"), "-out", str(folder / "fullchain.pem")]
    subprocess.run(words, check=True, capture_output=True)


def test_nginx_is_the_same_in_containers() -> None:
    def without_upstream(path: Path) -> str:
        text = re.sub(r"upstream portal \{.*?\}\n", "", path.read_text(), flags=re.DOTALL)
        return text.partition("\n")[2]

    assert without_upstream(DEPLOY / "containers" / "nginx.conf") == without_upstream(DEPLOY / "nginx" / "portal.conf")


class TestContainers:
    @pytest.fixture
    def services(self) -> dict[str, dict[str, object]]:
        found: dict[str, dict[str, object]] = yaml.safe_load((DEPLOY / "containers" / "compose.yaml").read_text())
        return found["services"]  # type: ignore[return-value]

    def test_everything_is_there_and_nothing_but_nginx_is_reached_from_outside(
        self, services: dict[str, dict[str, object]]
    ) -> None:
        assert set(services) == {"nginx", "postgres", "redis", "prepare", "web", "worker", "beat"}
        assert [name for name, service in services.items() if "ports" in service] == ["nginx"]
        assert {service.get("network_mode") for name, service in services.items() if name != "nginx"} == {
            "service:nginx"
        }

    def test_no_log_grows_without_end(self, services: dict[str, dict[str, object]]) -> None:
        assert {str(service.get("logging")) for service in services.values()} == {"{'driver': 'local'}"}
        file = re.search(r"access_log (/\S+)", (DEPLOY / "nginx" / "portal-locations.conf").read_text())
        assert file
        assert f"ln -sf /dev/stdout {file[1]} " in str(services["nginx"]["command"])

    def test_no_two_processes_of_the_portal_have_one_number(self, services: dict[str, dict[str, object]]) -> None:
        """They share the folder in which each counts in a file of its number."""
        assert {service["pid"] for service in services.values() if "build" in service} == {"service:nginx"}

    def test_the_database_is_healthy_once_the_one_that_only_makes_it_is_gone(
        self, services: dict[str, dict[str, object]]
    ) -> None:
        check: dict[str, object] = services["postgres"]["healthcheck"]  # type: ignore[assignment]
        assert "-h 127.0.0.1" in " ".join(check["test"])  # type: ignore[arg-type]

    def test_each_image_has_a_version(self, services: dict[str, dict[str, object]]) -> None:
        for service in services.values():
            assert "build" in service or re.search(r":\d", str(service["image"]))

    def test_what_is_copied_and_mounted_is_there(self, services: dict[str, dict[str, object]]) -> None:
        for copied in re.findall(r"^COPY (?!--from)(\S+)", DOCKERFILE.read_text(), re.MULTILINE):
            assert (ROOT / copied).exists()
        for mount in services["nginx"]["volumes"]:  # type: ignore[attr-defined]
            source = mount.split(":")[0]
            assert source == "./tls" or (DEPLOY / "containers" / source).resolve().is_file()

    def test_the_image_has_a_pg_dump_for_this_server(self, services: dict[str, dict[str, object]]) -> None:
        """pg_dump refuses a server that is newer than itself; each Debian has one version."""
        of_debian = {"bookworm": 15, "trixie": 17}
        debian = re.findall(r"^FROM python:[\d.]+-slim-(\w+)", DOCKERFILE.read_text(), re.MULTILINE)[-1]
        server = int(str(services["postgres"]["image"]).partition(":")[2])
        assert of_debian[debian] >= server

    def test_the_folders_of_the_backups_are_the_portals(self) -> None:
        made = re.search(r"install -d -o ingroeibloei -m 0700 (.*)", DOCKERFILE.read_text())
        folders = re.findall(r"^BACKUP(?:_KEYS)?_DIR=(\S+)", (DEPLOY / "portal.env.example").read_text(), re.MULTILINE)
        assert made
        assert made[1].split() == folders

    @pytest.mark.parametrize("ignoring", [".dockerignore", ".gitignore"])
    def test_no_secret_beside_the_composition_goes_along(self, ignoring: str) -> None:
        ignored = {line.strip("/") for line in (ROOT / ignoring).read_text().splitlines()}
        for secret in ("portal.env", "postgres_password.txt", "tls"):
            assert f"deploy/containers/{secret}" in ignored


@pytest.mark.parametrize("name", ["WEB_PROCESSES", "WEB_THREADS"])
@pytest.mark.parametrize("value", ["x", "0", "-1", "²", "257"])
def test_a_web_server_that_cannot_be_is_refused_in_a_sentence(name: str, value: str) -> None:
    words = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "--check-config", "x:y"]
    ended = subprocess.run(words, cwd=ROOT, env=os.environ | {name: value}, capture_output=True, text=True)
    assert (ended.returncode, ended.stderr) == (1, f"{name} is {value!r}; it must be a number from 1 to 256.\n")


#: What tells an operator about variables.
_TOLD = (ROOT / "docs" / "settings.md", ROOT / "docs" / "keeping.md")


def test_every_variable_of_the_example_is_among_the_settings() -> None:
    told = _TOLD[0].read_text()
    for name in re.findall(r"^#?([A-Z_]+)=", (DEPLOY / "portal.env.example").read_text(), re.MULTILINE):
        assert f"`{name}`" in told, name


#: Libpq's own, and what the first start of a move takes once.
_OF_OTHERS = {"PGHOST", "PGSSLMODE", "MOVE_TO_URL"}
_READ = re.compile(r"(?:environment\.\w+|mail_address|choice|flag|secret|environ\.get|_number)\(\s*\"([A-Z][A-Z_]+)\"")


def test_every_variable_that_is_read_is_told_and_no_other() -> None:
    files = [*(ROOT / "ingroeibloei").rglob("*.py"), DEPLOY / "gunicorn.conf.py"]
    read = {name for file in files for name in _READ.findall(file.read_text())} - _OF_OTHERS
    told = "".join(page.read_text() for page in _TOLD)
    named = set(re.findall(r"`([A-Z]+(?:_[A-Z]+)+)`", told))
    assert {name for name in read if f"`{name}`" not in told} == set()
    assert {name for name in named - read if not name.startswith("ANYMAIL_") and not name.endswith("_UNTIL")} == set()


_DEFAULT = re.compile(r'environment\.integer\(\s*"([A-Z_]+)", default=(?:\S+ if TESTING else )?(\d+)( \* 365)?\b')


def test_the_pages_tell_the_numbers_that_hold_when_nothing_is_set() -> None:
    told = "".join(page.read_text() for page in _TOLD)
    files = (ROOT / "ingroeibloei" / "settings").glob("*.py")
    found = [match for file in files for match in _DEFAULT.findall(file.read_text())]
    assert len(found) > 35
    wrong = []
    for name, number, years in found:
        row = next(line for line in told.splitlines() if f"`{name}`" in line).strip("| ").split(" | ")
        says = row[-1] if f"`{name}`" in row[0] else row[1]
        if not re.search(rf"\b{number} year" if years else rf"\b{number}\b", says):
            wrong.append(f"{name}: {number}{years}, and the page: {says}")
    assert wrong == []


def test_a_command_by_hand_finds_the_folder_of_the_units() -> None:
    """On a machine where no unit was started yet, as after a disaster, nobody else makes it."""
    by_hand = (DEPLOY / "manage").read_text()
    unit = (DEPLOY / "systemd" / "ingroeibloei-prepare.service").read_text()
    for name in ("EnvironmentFile", "WorkingDirectory", "StateDirectory", "StateDirectoryMode", "UMask"):
        said = re.findall(rf"^{name}=.*$", unit, re.MULTILINE)
        assert said
        assert {f"--property={line}" for line in said} <= set(by_hand.split())
