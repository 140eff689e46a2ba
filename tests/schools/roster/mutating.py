"""Files spoiled by chance, the same each time: bytes, members of zips, cells, parts of workbooks."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Iterator

from tests.schools.roster.makers import BULK, PUPILS, as_csv, as_zip, package
from tests.schools.roster.workbooks import ods, xlsx

_PIECES = (
    *(b"\0", b"\xff", b"\xfe\xff", b"\xef\xbb\xbf", b"\r", b"\n", b'"', b";", b",", b"\t", b"=", b"PK\x03\x04"),
    *(b"<", b">", b"&", b"<!DOCTYPE a>", b"]]>", b"</row>", b"<c r='ZZZ999999999'>", b'r="A0"', b"%PDF"),
    *("é".encode(), "é".encode("cp1252"), "\u202e".encode(), "ਸਿੰਘ".encode(), b"1E999", b"-1", b"NaN", b"bulk"),
    *(b"31/02/2018", b"9" * 25),
)
_CELLS = (
    *("", " ", "=1+1", "3,2E+10", "x" * 6000, "\0", '"', "99999999999", "1E999", "inf", "nan", "-0", "٣٤٥", "²"),
    *("31/02/2018", "0/0/0000", "99999", "00000", "2018-13-45", "student", "tobedeleted", "p1,p1,,g1", "k@", "@"),
    *("Kaur", "1/1/1", "0471234567", "delta", "1.2", "sourcedId", "K0", "#REF!", "Ã©", "\ufffd", "\u200d", "+", "++32"),
    "1" * 400,
)

FILES = {
    "csv": as_csv(PUPILS, ";").encode(),
    "windows": as_csv(PUPILS, ",").encode("cp1252"),
    "utf16": as_csv(PUPILS, "\t").encode("utf-16"),
    "xlsx": xlsx(PUPILS),
    "ods": ods(PUPILS),
    "oneroster": package(),
}


def mutants(kind: str, count: int, seed: int) -> Iterator[bytes]:
    """Spoiled copies of one of ``FILES``; every one differs from it."""
    chance = random.Random(f"{kind}-{seed}")
    original = FILES[kind]
    made = 0
    while made < count:
        content = _spoil(kind, original, chance)
        if content != original:
            made += 1
            yield content


def _spoil(kind: str, original: bytes, chance: random.Random) -> bytes:
    is_zip = kind in ("xlsx", "ods", "oneroster")
    way = chance.random()
    if kind == "oneroster" and way < 0.4:
        return _with_cells(chance)
    if is_zip and way < 0.8:
        return _with_members(original, chance)
    if not is_zip and way < 0.3:
        rows = _spoiled_rows(PUPILS, chance)
        return as_csv(rows, chance.choice(";,\t|")).encode("utf-8", "surrogatepass")
    return _with_bytes(original, chance)


def _with_bytes(content: bytes, chance: random.Random) -> bytes:
    data = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 5, 20))):
        at = chance.randrange(len(data) + 1)
        way = chance.randrange(6)
        if way == 0:
            data[at:at] = chance.choice(_PIECES)
        elif way == 1:
            del data[at : at + chance.choice((1, 2, 16, 200))]
        elif way == 2:
            data[at : at + 1] = bytes([chance.randrange(256)])
        elif way == 3:
            data[at:at] = data[at : at + chance.randrange(64)]
        elif way == 4:
            data[at : at + 4] = chance.choice(_PIECES)
        else:
            data = data[: max(at, 1)]
    return bytes(data)


def _with_members(content: bytes, chance: random.Random) -> bytes:
    """The zip stays whole; what is in it does not."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    for _ in range(chance.choice((1, 1, 2))):
        name = chance.choice(list(members))
        way = chance.randrange(8)
        if way == 0:
            del members[name]
        elif way == 1:
            members[chance.choice(list(members))] = members[name]
        elif way == 2:
            members[chance.choice(("x/", "../", "", "Map/")) + name.upper()] = members.pop(name)
        else:
            members[name] = _with_bytes(members[name], chance)
        if not members:
            break
    return as_zip(members, chance.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)))


def _with_cells(chance: random.Random) -> bytes:
    name = chance.choice(list(BULK))
    return package({name: _spoiled_rows(BULK[name], chance)})


def _spoiled_rows(rows: object, chance: random.Random) -> list[list[str]]:
    found = [list(row) for row in rows]  # type: ignore[attr-defined]
    for _ in range(chance.choice((1, 2, 6))):
        row = chance.choice(found)
        way = chance.randrange(6)
        if way == 0:
            chance.shuffle(row)
        elif way == 1:
            row.append(chance.choice(_CELLS))
        elif way == 2 and row:
            row.pop(chance.randrange(len(row)))
        elif way == 3:
            found.append(list(row))
        elif row:
            row[chance.randrange(len(row))] = chance.choice(_CELLS)
    return found
