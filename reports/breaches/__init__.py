"""The register of data breaches: reported in a minute, judged within 72 hours, closed when it is settled.

The school answers for its families' data and the centre for its notes (docs/privacy.md): whoever heads or directs the
place keeps its part, an administrator the rest and looks along. Nobody is named in it.
"""

from __future__ import annotations

from reports.breaches.keeping import close_breach, note_step, reopen_breach, report_breach
from reports.breaches.reminding import remind_of_breaches

__all__ = ["close_breach", "note_step", "remind_of_breaches", "reopen_breach", "report_breach"]
