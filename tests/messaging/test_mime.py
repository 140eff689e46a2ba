"""A mail's parts as they stand on the wire."""

from __future__ import annotations

import base64

from messaging.channels.mime import _base64


def test_content_of_every_length_is_in_lines_of_76_as_the_standard_library_makes_them():
    content = bytes(range(256)) * 2
    for length in range(len(content)):
        expected = base64.encodebytes(content[:length]).replace(b"\n", b"\r\n")
        assert _base64(content[:length]) == expected
