from __future__ import annotations


class ReportError(Exception):
    """A step that cannot be taken; the message says why and what to do."""
