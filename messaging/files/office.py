"""Texts of Word and OpenDocument, packed anew from what can be read in them: nothing that runs, fetches or is a file of
its own, and no names of who wrote, changed or remarked. What is refused is refused, not mended."""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from io import BytesIO
from urllib.parse import urlsplit
from xml.parsers import expat

from messaging.files import pictures
from messaging.files.limits import Kind, Refusal, Refused

KINDS = frozenset({Kind.DOCX, Kind.ODT})
MAX_MEMBERS = 200
#: Bytes of everything in it, unpacked.
MAX_UNPACKED = 60 * 1024 * 1024
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
#: What the archive says of itself that is not so: its lists, packed bytes, ends, sizes and names, ways of packing.
_UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, RuntimeError)
_EARLIEST = (1980, 1, 1, 0, 0, 0)
_MARKUP = frozenset({".xml", ".rels"})
_PICTURES = {".jpg": Kind.JPEG, ".jpeg": Kind.JPEG, ".png": Kind.PNG}
_SCHEMES = frozenset({"http", "https", "mailto", "tel"})
#: What a program keeps for itself: small pictures of the first page, its buttons, signatures of what changes here.
_DROPPED = ("Thumbnails/", "Configurations2/", "META-INF/documentsignatures.xml", "manifest.rdf", "layout-cache")
_MIMETYPE, _ODT_MANIFEST, _TYPES = "mimetype", "META-INF/manifest.xml", "[Content_Types].xml"
_WORD_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
#: Parts of Word and OpenDocument that say who wrote it, with what they become.
_ABOUT = {
    "docProps/core.xml": b'<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/'
    b'core-properties"/>',
    "docProps/app.xml": b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/'
    b'extended-properties"/>',
    "docProps/custom.xml": b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/'
    b'custom-properties"/>',
    "meta.xml": b'<office:document-meta xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    b'office:version="1.2"><office:meta/></office:document-meta>',
}
#: Who remarked or changed: attributes of Word, elements of OpenDocument; and the way to a picture of an earlier page.
_GONE = (
    (re.compile(rb'<Relationship\b[^>]*?/thumbnail"[^>]*?/>'), b""),
    (re.compile(rb'(\b\w+:(?:author|initials|userId)=)(?:"[^"]*"|\'[^\']*\')'), rb'\1""'),
    (re.compile(rb"(<(?:dc:creator|meta:creator-initials|text:sender-[a-z]+|text:author-[a-z]+)[^>]*>)[^<]*"), rb"\1"),
)
#: Ends of kinds of relationships: what is a file of its own, and what a program would fetch or run.
_FILES = ("/oleObject", "/package", "/aFChunk", "/subDocument")
_RUNS = ("/vbaProject", "/control", "/attachedTemplate", "/externalLink")
#: What fields of Word may do: count, repeat, and lead somewhere. Others fetch, run or spell out what does.
_FIELDS = frozenset(
    {
        "DATE", "FORMCHECKBOX", "FORMDROPDOWN", "FORMTEXT", "HYPERLINK", "MERGEFIELD", "NOTEREF", "NUMPAGES", "PAGE",
        "PAGEREF", "REF", "SECTION", "SECTIONPAGES", "SEQ", "STYLEREF", "SYMBOL", "TC", "TIME", "TITLE", "TOC",
    }
)  # fmt: skip
_FIELD_LINK = re.compile(r'HYPERLINK\s+"([^"]*)"', re.IGNORECASE)
#: Elements of OpenDocument by their own names.
_ODT_FILES = frozenset({"object", "object-ole"})
_ODT_RUNS = frozenset(
    {
        "applet", "dde-connection", "dde-connection-decl", "dde-source", "event-listener", "execute-macro",
        "floating-frame", "plugin", "script", "section-source",
    }
)  # fmt: skip
Tag = tuple[str, Mapping[str, str], str]


def cleaned(content: bytes, kind: Kind) -> bytes:
    """The same text in a new file. Raises Refused."""
    files = _unpacked(content)
    check = _check_word if kind == Kind.DOCX else _check_odt
    check(files)
    kept = {name: _clean(name, one) for name, one in files.items() if not _is_dropped(name)}
    if kind == Kind.ODT:
        kept[_ODT_MANIFEST] = _manifest_of(kept)
    return _packed(kept)


def _unpacked(content: bytes) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    left = MAX_UNPACKED
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            if len(members) > MAX_MEMBERS:
                raise Refused(Refusal.EXPANDS)
            for member in members:
                _look_at(member)
                with archive.open(member) as stream:
                    files[member.filename] = stream.read(left + 1)
                left -= len(files[member.filename])
                if left < 0:
                    raise Refused(Refusal.EXPANDS)
    except _UNREADABLE as error:
        raise Refused(Refusal.BROKEN) from error
    if len(files) < len(members):
        raise Refused(Refusal.BROKEN)
    return files


def _look_at(member: zipfile.ZipInfo) -> None:
    if member.flag_bits & 0x1:
        raise Refused(Refusal.LOCKED)
    name = member.filename
    if posixpath.normpath(name) != name or name.startswith(("/", "..")) or "\\" in name or ":" in name:
        raise Refused(Refusal.BROKEN)
    if member.compress_type not in _METHODS:
        raise Refused(Refusal.BROKEN)
    if name.startswith(("Basic/", "Scripts/", "Dialogs/")) or "vbaproject" in name.lower():
        raise Refused(Refusal.ACTIVE)
    ending = _ending(name)
    if not (name == _MIMETYPE or ending in _MARKUP or ending in _PICTURES or _is_dropped(name)):
        raise Refused(Refusal.HOLDS_FILES)


def _ending(name: str) -> str:
    return name[name.rfind(".") :].lower()


def _is_dropped(name: str) -> bool:
    return name.startswith(_DROPPED) or name.startswith("docProps/thumbnail")


def _check_word(files: Mapping[str, bytes]) -> None:
    if _TYPES not in files or "word/document.xml" not in files:
        raise Refused(Refusal.BROKEN)
    types = [tag[1].get("ContentType", "") for tag in _tags(files[_TYPES])]
    if any("macroEnabled" in one or "vbaProject" in one or "activeX" in one for one in types):
        raise Refused(Refusal.ACTIVE)
    if _WORD_MAIN not in types:
        raise Refused(Refusal.BROKEN)
    for name, content in files.items():
        ending = _ending(name)
        if ending == ".rels":
            _check_links(content)
        elif ending == ".xml":
            _check_fields(content)


def _check_links(content: bytes) -> None:
    for name, facts, _text in _tags(content):
        kind, target = facts.get("Type", ""), facts.get("Target", "")
        if name != "Relationship":
            continue
        if kind.endswith(_FILES):
            raise Refused(Refusal.HOLDS_FILES)
        is_link = kind.endswith("/hyperlink") and _leads_somewhere(target)
        if kind.endswith(_RUNS) or (facts.get("TargetMode") == "External" and not is_link):
            raise Refused(Refusal.ACTIVE)


def _check_fields(content: bytes) -> None:
    """Fields are looked at whole: the words of one may be spread over many pieces."""
    said: list[str] = []
    for name, facts, text in _tags(content):
        if name == "fldChar" and _named(facts, "fldCharType") == "begin":
            said.append("\n")
        elif name == "fldSimple":
            said += ["\n", _named(facts, "instr"), "\n"]
        elif name == "instrText":
            said.append(text)
        elif name in ("object", "control", "altChunk", "subDoc"):
            raise Refused(Refusal.HOLDS_FILES)
    for line in "".join(said).splitlines():
        words = line.split()
        links = _FIELD_LINK.findall(line)
        if words and (words[0].upper() not in _FIELDS or not all(map(_leads_somewhere, links))):
            raise Refused(Refusal.ACTIVE)


def _check_odt(files: Mapping[str, bytes]) -> None:
    if "content.xml" not in files or _ODT_MANIFEST not in files:
        raise Refused(Refusal.BROKEN)
    for path, content in files.items():
        if _ending(path) != ".xml" or path in _ABOUT or _is_dropped(path):
            continue
        for name, facts, _text in _tags(content):
            if name == "encryption-data":
                raise Refused(Refusal.LOCKED)
            if name in _ODT_FILES:
                raise Refused(Refusal.HOLDS_FILES)
            address = _named(facts, "href")
            is_inside = address.startswith("#") or address.removeprefix("./") in files
            if name in _ODT_RUNS or (address and not is_inside and not (name == "a" and _leads_somewhere(address))):
                raise Refused(Refusal.ACTIVE)


def _leads_somewhere(address: str) -> bool:
    """Whether an address is one that a reader follows by choice: a page, a mail, a number, a place in the text."""
    try:
        scheme = urlsplit(address.strip()).scheme.lower()
    except ValueError:
        return False
    return scheme in _SCHEMES or address.startswith("#")


def _named(facts: Mapping[str, str], name: str) -> str:
    """An attribute by its own name, whatever stands before it."""
    return next((value for key, value in facts.items() if key.rpartition(":")[2] == name), "")


def _tags(content: bytes) -> Iterator[Tag]:
    """Each element by its own name with its attributes, and the words right in it. Raises Refused."""
    found: list[tuple[str, Mapping[str, str], list[str]]] = []
    open_now: list[list[str]] = []

    def start(name: str, facts: dict[str, str]) -> None:
        words: list[str] = []
        found.append((name.rpartition(":")[2], facts, words))
        open_now.append(words)

    parser = expat.ParserCreate("UTF-8")
    parser.XmlDeclHandler = _read_as_written
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _name: open_now.pop()
    parser.CharacterDataHandler = lambda text: open_now[-1].append(text) if open_now else None
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = _refuse
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise Refused(Refusal.BROKEN) from error
    return ((name, facts, "".join(words)) for name, facts, words in found)


def _read_as_written(_version: str, encoding: str | None, _standalone: int) -> None:
    """Every program that opens it must read what was looked at here."""
    if encoding and encoding.upper() not in ("UTF-8", "US-ASCII"):
        raise Refused(Refusal.BROKEN)


def _refuse(*_declaration: object) -> None:
    raise Refused(Refusal.ACTIVE)


def _clean(name: str, content: bytes) -> bytes:
    if name in _ABOUT:
        return _ABOUT[name]
    if kind := _PICTURES.get(_ending(name)):
        return pictures.cleaned(content, kind)
    for pattern, instead in _GONE:
        content = pattern.sub(instead, content)
    return content


def _manifest_of(files: Mapping[str, bytes]) -> bytes:
    """The list of contents without what was dropped."""
    entry = re.compile(
        rb'<manifest:file-entry\b[^>]*?\bmanifest:full-path="([^"]*)"[^>]*?(?:/>|></manifest:file-entry>)'
    )

    def stays(match: re.Match[bytes]) -> bytes:
        return match.group() if match[1] == b"/" or match[1].decode(errors="replace") in files else b""

    return entry.sub(stays, files[_ODT_MANIFEST])


def _packed(files: Mapping[str, bytes]) -> bytes:
    """In the order in which they came, which for OpenDocument begins with its kind; without a date."""
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in files.items():
            member = zipfile.ZipInfo(name, _EARLIEST)
            member.compress_type = zipfile.ZIP_STORED if name == _MIMETYPE else zipfile.ZIP_DEFLATED
            archive.writestr(member, content)
    return target.getvalue()
