"""The parts of a batch of letters bound behind the list of them, while the following part is being laid out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import QuerySet

from messaging import printfiles
from messaging.channels.letter import print_content
from messaging.letters import listed_for, print_run, title_of
from messaging.models import DeliveryStatus, LetterBatch, PrintedLetter
from schools.typeset import typeset

if TYPE_CHECKING:
    from schools.binding import Binder


def still_wanted(batch: LetterBatch) -> QuerySet[PrintedLetter]:
    """The letters of a batch without those that were withdrawn since."""
    return batch.letters.exclude(delivery__status=DeliveryStatus.CANCELLED).order_by("position")


class PrintBook:
    """What one process has bound of one batch. It lives as long as that process goes on: nothing is lost with it, for
    every part has its file."""

    def __init__(self, batch: LetterBatch) -> None:
        self._batch = batch
        self._binder: Binder | None = None
        self._listed: list[int] = []
        self._bound: list[str] = []

    def catch_up(self) -> Binder:
        """Bind what was made since. Raises TypesettingError and OSError."""
        names = self._names()
        listed = list(still_wanted(self._batch).values_list("pk", flat=True))
        if self._binder is None or self._listed != listed or names[: len(self._bound)] != self._bound:
            self._binder, self._listed, self._bound = self._begun(), listed, []
        for name in names[len(self._bound) :]:
            if content := printfiles.read(name):
                self._binder.add(content)
            self._bound.append(name)
        return self._binder

    def finished(self) -> bytes:
        """The whole batch; every part is made."""
        return self.catch_up().finished()

    def _begun(self) -> Binder:
        from schools.binding import Binder  # a library that only the worker needs

        run = print_run(self._batch.school, (), title_of(self._batch))
        cover = typeset("letter", print_content(run, (), listed_for(still_wanted(self._batch))))
        return Binder(cover, for_both_sides=True)

    def _names(self) -> list[str]:
        """The files of the parts from the first until one that is not made yet."""
        names = []
        for name in self._batch.parts.order_by("number").values_list("file", flat=True):
            if not name:
                break
            names.append(name)
        return names
