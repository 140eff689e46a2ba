"""The cells of one row while it is read: gaps and repeats cost nothing, and there is an end to both."""

from __future__ import annotations

from schools.roster import limits
from schools.roster.findings import unreadable
from schools.roster.lines import Line
from schools.roster.rows import Place


class Grid:
    def __init__(self, place: Place) -> None:
        self._place = place
        self._cells: dict[int, str] = {}
        self._computed: list[int] = []

    def put(self, position: int, text: str, *, computed: bool = False, times: int = 1) -> None:
        """A cell without text takes no room, wherever it stands."""
        if computed:
            text = text or "="
            self._computed.append(position)
        if not text or text.isspace():
            return
        if position < 0 or position + times > limits.COLUMNS:
            raise unreadable("too_many_columns", self._place, limit=limits.COLUMNS)
        for more in range(times):
            self._cells[position + more] = text

    def take(self, number: int) -> Line | None:
        """The row, and an empty grid for the next; None for an empty one."""
        cells, computed = self._cells, tuple(self._computed)
        self._cells, self._computed = {}, []
        if not cells:
            return None
        if number > limits.ROWS:
            raise unreadable("too_many_rows", self._place, limit=limits.ROWS)
        return Line(number, [cells.get(position, "") for position in range(max(cells) + 1)], computed)
