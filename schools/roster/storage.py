"""The uploaded files, where nothing serves them."""

from __future__ import annotations

from schools.privatefiles import PrivateFiles

_rosters = PrivateFiles("rosters")
keep, path, remove, remove_unknown = _rosters.keep, _rosters.path, _rosters.remove, _rosters.remove_unknown
