"""Binds PDF files together, tagged as they were: reading order, languages and alternative texts stay."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pikepdf import Array, Dictionary, Name, ObjectStreamMode, PasswordError, Pdf, PdfError

from schools.typeset import TypesettingError


class Binder:
    """A document that files are added to one by one, with the title and language of the first.

    ``for_both_sides`` begins each file on a sheet of its own. Every file must be tagged as ours are, and only the
    first may hold tables; otherwise TypesettingError.
    """

    def __init__(self, first: bytes, *, for_both_sides: bool = False) -> None:
        self._for_both_sides = for_both_sides
        with _our_own():
            self._whole = Pdf.open(io.BytesIO(first))
            self._root = self._whole.Root.StructTreeRoot
            self._documents, self._by_page = _documents(self._root), _by_page(self._root)

    def add(self, content: bytes) -> None:
        """The pages of a file, behind those there are."""
        with _our_own():
            if self._for_both_sides and len(self._whole.pages) % 2:
                self._whole.add_blank_page(page_size=_size_of_last(self._whole))
            with Pdf.open(io.BytesIO(content)) as part:
                tags = _append(self._whole, part, shift=len(self._by_page))
            for role, meaning in tags.RoleMap.items():
                self._root.RoleMap[role] = meaning
            for document in _documents(tags):
                document.P = self._root
                self._documents.append(document)
            self._by_page += _by_page(tags)

    def finished(self) -> bytes:
        """The document; nothing can be added any more."""
        with _our_own(), self._whole as whole:
            self._root.K = Array(self._documents)
            numbers = [entry for pair in enumerate(self._by_page) for entry in pair]
            self._root.ParentTree = whole.make_indirect(Dictionary(Nums=Array(numbers)))
            self._root.ParentTreeNextKey = len(self._by_page)
            target = io.BytesIO()
            whole.save(target, deterministic_id=True, object_stream_mode=ObjectStreamMode.generate)
        return target.getvalue()


@contextmanager
def _our_own() -> Iterator[None]:
    try:
        yield
    except (PdfError, PasswordError, KeyError, AttributeError) as error:
        raise TypesettingError("These files cannot be bound together.") from error


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
