"""Measurements among parents and teams: asked, answered without anybody knowing who said what, counted, reviewed.

``questions`` and ``statements`` what is asked · ``invited`` whom, ``opening`` until when · ``answering`` the only
writer of answers, ``paper`` counted sheets · ``closing`` opens the box · ``rounds`` reminds who did not answer ·
``results`` what may be shown, ``reviewing`` what of the free answers · ``tablet`` the door at the gate.
"""

from reports.measuring.answering import Given, answer, put_in
from reports.measuring.closing import close_due, close_wave
from reports.measuring.opening import draft_invitation, extend_wave, open_wave
from reports.measuring.paper import take_back, type_in
from reports.measuring.reviewing import release, withhold
from reports.measuring.rounds import send_due_rounds

__all__ = [
    "Given",
    "answer",
    "close_due",
    "close_wave",
    "draft_invitation",
    "extend_wave",
    "open_wave",
    "put_in",
    "release",
    "send_due_rounds",
    "take_back",
    "type_in",
    "withhold",
]
