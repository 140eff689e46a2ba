"""A package from outside is not believed: each kind of trick is met with a sentence, and nothing of it is kept."""

from __future__ import annotations

import contextlib
import io
import json
import os
import stat
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from messaging.content import load_templates
from reports.packaging import Package, PackageError, read
from reports.packaging.archive import MEMBER, MEMBERS, PACKAGE
from reports.packaging.reading import MANIFEST
from schools.reference import load_methods, load_vocabulary
from tests.reports.packages import files_of, package_of, with_file, with_manifest, zipped

pytestmark = pytest.mark.django_db
Trick = Callable[[bytes], bytes]
EXAMPLES = 500 if os.environ.get("HYPOTHESIS_PROFILE") == "full" else 50


def readable(content: bytes) -> Package | None:
    """What a package says, None where it is refused; any other error is one of the program."""
    with contextlib.suppress(PackageError):
        return read(content)
    return None


@pytest.fixture(scope="module")
def package(django_db_setup: None, django_db_blocker: Any) -> bytes:
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        load_vocabulary()
        load_methods()
        load_templates()
        made = package_of()
        transaction.set_rollback(True)
    return made


def sentence(content: bytes) -> str:
    with override("en"), pytest.raises(PackageError) as refusal:
        read(content)
    return str(refusal.value)


def member(name: str, content: bytes = b"[]", *, mode: int = stat.S_IFREG | 0o644, **facts: Any) -> Trick:
    """The package with one more entry of the list of contents."""

    def trick(package: bytes) -> bytes:
        target = io.BytesIO(package)
        with zipfile.ZipFile(target, "a") as archive:
            info = zipfile.ZipInfo(name)
            info.create_system, info.external_attr = 3, mode << 16
            for fact, value in facts.items():
                setattr(info, fact, value)
            archive.writestr(info, content)
        return target.getvalue()

    return trick


def locked(package: bytes) -> bytes:
    """With the mark of encryption on the first entry, in both places where it stands."""
    changed = bytearray(package)
    for head, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        changed[package.index(head) + at] |= 1
    return bytes(changed)


def lying(package: bytes) -> bytes:
    """A member that says it is small and unpacks to far more."""
    made = zipped({**files_of(package), "cards.json": b" " * (MEMBER - 1)}, zipfile.ZIP_DEFLATED)
    at = made.rindex(b"PK\x01\x02", 0, made.rindex(b"cards.json"))
    return made[: at + 24] + (50_000).to_bytes(4, "little") + made[at + 28 :]


def twice(package: bytes) -> bytes:
    with pytest.warns(UserWarning, match="Duplicate name"):
        return member("cards.json")(package)


HOSTILE: dict[str, tuple[Trick, str]] = {
    "no zip": (lambda package: b"%PDF-1.7", "damaged"),
    "nothing": (lambda package: b"", "damaged"),
    "cut off": (lambda package: package[:-400], "damaged"),
    "spoiled": (lambda package: package.replace(b"warm-welcome", b"cold-welcome", 1), "damaged"),
    "folder up": (member("../../etc/cron.d/x"), "outside its folder"),
    "folder up in windows": (member("..\\x.json"), "outside its folder"),
    "absolute": (member("/etc/passwd"), "outside its folder"),
    "drive": (member("C:x.json"), "outside its folder"),
    "link": (member("cards.lnk", b"/etc/passwd", mode=stat.S_IFLNK | 0o777), "link"),
    "folder": (member("more/", mode=stat.S_IFDIR | 0o755), "link or a folder"),
    "password": (locked, "password"),
    "bzip2": (member("x.json", compress_type=zipfile.ZIP_BZIP2), "does not read"),
    "same name twice": (twice, "same name"),
    "many files": (
        lambda package: zipped({f"{number}.json": b"[]" for number in range(MEMBERS + 1)}),
        "too many files",
    ),
    "a huge file": (lambda package: b"PK" + bytes(PACKAGE), "too large"),
    "a bomb": (
        lambda package: zipped({**files_of(package), "cards.json": b" " * (MEMBER - 1)}, zipfile.ZIP_DEFLATED),
        "unpack to far more",
    ),
    "a bomb in a bomb": (
        lambda package: zipped({"a.zip": zipped({"b": bytes(3 * 1024 * 1024 - 9)}, zipfile.ZIP_DEFLATED)}),
        "no manifest",
    ),
    "a bomb that lies": (lying, "damaged"),
    "much in all": (
        lambda package: zipped(
            {f"{number}.json": bytes(range(256)) * 11_000 for number in range(7)}, zipfile.ZIP_DEFLATED
        ),
        "unpack to far more",
    ),
    "no manifest": (lambda package: zipped({"cards.json": b"[]"}), "no manifest"),
    "one file too many": (lambda package: with_file(package, "run.sh", b"rm -rf /"), "others than its format knows"),
    "a file is missing": (
        lambda package: zipped({name: one for name, one in files_of(package).items() if name != "guide.json"}),
        "missing",
    ),
    "another format": (lambda package: with_manifest(package, format="cookbook"), "something else"),
    "a manifest that is a list": (lambda package: zipped({**files_of(package), MANIFEST: b"[]"}), "something else"),
    "a day that does not exist": (
        lambda package: with_manifest(package, edition={"number": 1, "frozen_on": "2027-19-39"}),
        "a day that does not exist",
    ),
    "a later schema": (lambda package: with_manifest(package, schema=3), "version 3"),
    "a checksum of something else": (
        lambda package: zipped({**files_of(package), "targets.json": b"[ ]"}),
        "targets.json is not what the manifest says",
    ),
    "no json": (lambda package: with_file(package, "cards.json", b"{"), "no valid JSON"),
    "latin letters": (lambda package: with_file(package, "cards.json", b'["caf\xe9"]'), "UTF-8"),
    "deep": (lambda package: with_file(package, "cards.json", b"[" * 100_000 + b"]" * 100_000), "no valid JSON"),
    "a bit deep": (lambda package: with_file(package, "cards.json", b"[" * 90 + b"]" * 90), "of another kind"),
    "a name twice": (
        lambda package: with_file(package, "targets.json", b'[{"key":"I01","key":"I02"}]'),
        "no valid JSON",
    ),
    "no number": (lambda package: with_file(package, "targets.json", b"[NaN]"), "no valid JSON"),
    "half a letter": (lambda package: with_file(package, "targets.json", b'["\\ud800"]'), "no valid JSON"),
    "a letter that is none": (lambda package: with_file(package, "targets.json", b'["I01\\u0000"]'), "no valid JSON"),
    "a number without end": (lambda package: with_file(package, "targets.json", b"[" + b"9" * 9999 + b"]"), "JSON"),
    "an entry twice": (
        lambda package: with_file(package, "targets.json", [{"key": "I01", "value": "1", "objective": ""}] * 2),
        "stands twice",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_package_is_refused_with_a_sentence(package: bytes, name: str) -> None:
    trick, words = HOSTILE[name]
    assert words in sentence(trick(package))


CARD = "warm-welcome"


def card_with(package: bytes, **changes: Any) -> bytes:
    cards = json.loads(files_of(package)["cards.json"])
    for card in cards:
        if card["key"] == CARD:
            texts = changes.pop("texts", {})
            card.update(changes)
            for language, parts in texts.items():
                card["texts"].setdefault(language, {}).update(parts)
    return with_file(package, "cards.json", cards)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"texts": {"nl": {"title": "x" * 121}}}, "longer than 120"),
        ({"texts": {"nl": {"privacy": "x" * 4001}}}, "longer than 4000"),
        ({"texts": {"nl": {"pitfalls": ["x"] * 61}}}, "longer than 60"),
        ({"texts": {"../x": {"title": "x"}}}, "does not know"),
        ({"texts": {"nl": {"onclick": "x"}}}, "does not know"),
        ({"texts": {"nl": {"pitfalls": ["een\ntwee"]}}}, "of another kind"),
        ({"texts": {"nl": {"title": {"$ne": ""}}}}, "of another kind"),
        ({"level": 5}, "not foreseen"),
        ({"level": "2"}, "of another kind"),
        ({"level": True}, "of another kind"),
        ({"months": [13]}, "not foreseen"),
        ({"cost_eur": 1e300}, "not foreseen"),
        ({"icon": "../../secret"}, "of another kind"),
        ({"key": "Warm Welcome"}, "of another kind"),
        ({"author": "somebody"}, "does not know"),
        ({"status": "FAMOUS"}, "not foreseen"),
    ],
)
def test_what_does_not_fit_the_schema_is_refused_with_its_place(
    package: bytes, changes: dict[str, Any], words: str
) -> None:
    told = sentence(card_with(package, **changes))
    assert words in told
    assert told.startswith("cards.json is not as the format wants it, at “")


@given(st.data())
@settings(max_examples=EXAMPLES, deadline=None)
def test_a_package_in_which_bytes_changed_is_read_the_same_or_refused(package: bytes, data: st.DataObject) -> None:
    """Whatever is spoiled: a sentence, never an error of the program, and never other words."""
    whole = read(package)
    at = data.draw(st.integers(0, len(package) - 9))
    spoiled = package[:at] + data.draw(st.binary(min_size=1, max_size=8)) + package[at + 8 :]
    found = readable(spoiled)
    assert found is None or found.contents == whole.contents


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=20,
)


@given(_JSON, st.sampled_from(["cards.json", "templates.json", "targets.json", "planner.json"]))
@settings(max_examples=EXAMPLES, deadline=None)
def test_any_json_in_the_place_of_a_file_is_refused_or_empty(package: bytes, content: Any, file: str) -> None:
    found = readable(with_file(package, file, json.dumps(content)))
    assert found is None or found.contents[file.removesuffix(".json")] == content == []
