"""A mail's parts as they stand on the wire."""

from __future__ import annotations

import base64

from messaging.channels.base import Outgoing
from messaging.channels.mime import _base64, mail_bytes


def test_a_school_at_a_domain_with_an_accent_can_be_answered():
    outgoing = Outgoing(1, 1, "ouder@post.example", text="Dag", subject="Dag", reply_to="school@café.example")
    mail = mail_bytes(outgoing, host_name="portaal.example", sender_name="School", sender="school@portaal.example")
    assert b"\r\nReply-To: school@xn--caf-dma.example\r\n" in mail


def test_content_of_every_length_is_in_lines_of_76_as_the_standard_library_makes_them():
    content = bytes(range(256)) * 2
    for length in range(len(content)):
        expected = base64.encodebytes(content[:length]).replace(b"\n", b"\r\n")
        assert _base64(content[:length]) == expected
