"""The files of notices, and the recordings of notices and templates."""

from __future__ import annotations

from schools.privatefiles import PrivateFiles

_attached = PrivateFiles("attachments")
keep, read, open_file = _attached.keep, _attached.read, _attached.open_file
remove, remove_unknown = _attached.remove, _attached.remove_unknown
recordings = PrivateFiles("recordings")
