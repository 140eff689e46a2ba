"""Plain Dutch: looking at a long notice, beside the 50 ms that somebody who types may wait.

The limit is a time, not another way, so processor time counts: a neighbour's load is not the checker's.
"""

from __future__ import annotations

import time
from functools import partial

from messaging.plain_dutch import Facts, Kind, report
from tests.bench.measure import Bar, Result, interleaved, result, same, seconds

_LIMIT_MS = 50.0
_BAR = Bar("at most", 1)
#: Four times as long as a notice should be, with something to find in every sentence.
_PART = (
    "M.b.t. de uitstap van dinsdag 12 mei om 8.30 uur wordt u uitgenodigd, d.w.z. alle ouders van klas 3B. "
    "Gelieve het strookje te bezorgen aan de zorgcoördinator (lokaal 12) of te mailen naar school@voorbeeld.example.\n"
    "Breng mee:\n- een brooddoos, bv. met fruit\n- een jas a.u.b.\n"
    "„Kom je mee?” vraagt de juf. De kinderen worden om 15u30 opgehaald door de ouders en de prijs is € 1.250,50.\n"
)
_TIMES = 10
_WORDS = 600


def measure() -> list[Result]:
    text = _PART * _TIMES
    found = report(text, Facts())
    same("a notice of at least so many words", found.words >= _WORDS, True)
    same("passive forms found", sum(row.kind == Kind.PASSIVE for row in found.findings), 2 * _TIMES)
    [ours] = interleaved(partial(seconds, partial(report, text, Facts()), time.process_time), rounds=15)
    name = "looking at the Dutch of a long notice beside its limit"
    return [result(name, 1000 * ours, _LIMIT_MS, "ms", found.words, _BAR)]
