"""Binds PDF files together, tagged as they were: reading order, languages and alternative texts stay."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from pikepdf import Array, Dictionary, Name, ObjectStreamMode, PasswordError, Pdf, PdfError

from schools.typeset import TypesettingError


def bound(files: Sequence[bytes], *, for_both_sides: bool = False) -> bytes:
    """All pages in the order of the files, as one document with the title and language of the first.

    ``for_both_sides`` begins each file on a sheet of its own. Every file must be tagged as ours are, and only the
    first may hold tables. Raises TypesettingError otherwise.
    """
    try:
        with Pdf.open(io.BytesIO(files[0])) as whole:
            _bind(whole, files[1:], for_both_sides=for_both_sides)
            target = io.BytesIO()
            whole.save(target, deterministic_id=True, object_stream_mode=ObjectStreamMode.generate)
    except (PdfError, PasswordError, KeyError, AttributeError) as error:
        raise TypesettingError("These files cannot be bound together.") from error
    return target.getvalue()


def _bind(whole: Pdf, files: Sequence[bytes], *, for_both_sides: bool) -> None:
    root = whole.Root.StructTreeRoot
    documents, by_page = _documents(root), _by_page(root)
    for content in files:
        if for_both_sides and len(whole.pages) % 2:
            whole.add_blank_page(page_size=_size_of_last(whole))
        with Pdf.open(io.BytesIO(content)) as part:
            tags = _append(whole, part, shift=len(by_page))
        for role, meaning in tags.RoleMap.items():
            root.RoleMap[role] = meaning
        for document in _documents(tags):
            document.P = root
            documents.append(document)
        by_page += _by_page(tags)
    root.K = Array(documents)
    numbers = [entry for pair in enumerate(by_page) for entry in pair]
    root.ParentTree = whole.make_indirect(Dictionary(Nums=Array(numbers)))
    root.ParentTreeNextKey = len(by_page)


def _append(whole: Pdf, part: Pdf, *, shift: int) -> Any:
    """Add the pages of a file and return its tags, as objects of the whole. Pages come first: the tags refer to them,
    and what was copied once is found again."""
    first = len(whole.pages)
    whole.pages.extend(part.pages)
    for page in whole.pages[first:]:
        if Name.StructParents in page.obj:
            page.obj.StructParents = int(page.obj.StructParents) + shift
    if part.Root.StructTreeRoot.get("/IDTree", Dictionary()).get("/Names", Array()):
        raise TypesettingError("Only the first file may hold tables: the names of their cells would clash.")
    return whole.copy_foreign(part.Root.StructTreeRoot)


def _size_of_last(whole: Pdf) -> tuple[float, float]:
    _left, _bottom, width, height = (float(edge) for edge in list(whole.pages[-1].mediabox))
    return width, height


def _documents(tags: Any) -> list[Any]:
    """The topmost elements of the reading order."""
    return list(tags.K) if isinstance(tags.K, Array) else [tags.K]


def _by_page(tags: Any) -> list[Any]:
    """The elements of each page; pages are numbered without a gap."""
    numbers = list(tags.ParentTree.Nums)
    if [int(number) for number in numbers[::2]] != list(range(len(numbers) // 2)):
        raise TypesettingError("The pages of a file are not numbered as ours are.")
    return numbers[1::2]
