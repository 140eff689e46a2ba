"""What is understood of a mail that came back, and that no garbage does harm."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from messaging.channels import dsn
from messaging.channels.refusals import is_dead_address, is_temporary
from messaging.tokens import delivery_named, mail_signature
from tests.messaging import returned

NAME = "<d12.1.0123456789abcdef01234567@portaal.example>"
#: Other tests run on the same machine: slow is not wrong.
calmly = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
SHAPES = [returned.postfix, returned.exim, returned.exchange, returned.gmail]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_the_shape_of_each_server_is_understood(shape: object, line_end: str) -> None:
    raw = shape(NAME, "moeder@post.example").replace("\n", line_end)  # type: ignore[operator]
    report, is_automatic = dsn.read(raw.encode())
    assert report is not None
    assert is_automatic
    assert report.names[0] == NAME
    assert (report.reason, report.recipients) == ("BOUNCED", {"moeder@post.example"})


def test_the_name_that_we_told_the_server_will_do_where_headers_are_missing() -> None:
    raw = returned.postfix("", "moeder@post.example").replace(
        "X-Postfix-Queue-ID: 4XyZ", f"Original-Envelope-Id: {NAME.strip('<>').split('@')[0]}"
    )
    report, _ = dsn.read(raw.encode())
    assert report is not None
    assert report.names == ("d12.1.0123456789abcdef01234567",)


def test_a_report_inside_somebodys_forwarded_mail_is_no_report() -> None:
    raw = "From: x@post.example\nContent-Type: message/rfc822\n\n" + returned.postfix(NAME, "moeder@post.example")
    assert dsn.read(raw.encode()) == (None, False)


def test_a_receipt_of_reading_is_written_by_a_program_and_means_nothing() -> None:
    raw = returned.complaint(NAME).replace("message/feedback-report", "message/disposition-notification")
    assert dsn.read(raw.encode()) == (None, True)


@pytest.mark.parametrize(
    ("status", "words", "is_dead"),
    [
        ("5.1.1", "", True),
        ("5.0.0", "smtp; 550 5.1.1 no such user", True),
        ("5.0.0", "smtp; 550 no such user", True),
        ("5.0.0", "smtp; 554 no", False),
        ("5.2.1", "smtp; 550 5.2.1 account is disabled", True),
        ("5.2.2", "smtp; 550 5.2.2 over quota", False),
        ("5.4.4", "Host or domain name not found", True),
        ("5.4.1", "smtp;550 5.4.1 Recipient address rejected: Access denied.", True),
        ("5.4.1", "smtp; no answer from host", False),
        ("5.7.1", "smtp; 550 5.7.1 blocked, see 5.1.1", False),
        ("5.1.8", "smtp; 550 5.1.8 sender's address", False),
        ("4.1.1", "smtp; 450 4.1.1 try later", False),
        ("", "", False),
        ("", "from 192.0.2.7 at 550.1.1.2", False),
    ],
)
def test_what_a_refusal_says_about_the_address(status: str, words: str, is_dead: bool) -> None:
    assert is_dead_address(words, status=status) is is_dead


def test_later_is_not_never() -> None:
    assert is_temporary("", status="4.4.7")
    assert is_temporary("smtp; 452 4.2.2 full")
    assert not is_temporary("smtp; 550 5.1.1", status="5.1.1")
    assert not is_temporary("")


_PIECES = st.sampled_from(
    [
        b"Content-Type: multipart/report; boundary=b\r\n",
        b"Content-Type: message/delivery-status\r\n",
        b"Content-Type: message/rfc822\r\n",
        b"Content-Type: text/rfc822-headers; charset=nonsense\r\n",
        b"Content-Transfer-Encoding: base64\r\n",
        b"Content-Transfer-Encoding: x-uuencode\r\n",
        b"Message-ID: <d1.1.000000000000000000000000@h>\r\n",
        b"Subject: =?utf-8?b?4pi\xff?=\r\n",
        b"Action: failed\r\n",
        b"Status: 5.1.1\r\n",
        b"Final-Recipient: ;;;\xc3\x28\r\n",
        b"--b\r\n",
        b"--b--\r\n",
        b"\r\n",
        b"\x00\r\n",
    ]
)


@calmly
@given(st.lists(_PIECES | st.binary(max_size=40), max_size=40).map(b"".join))
def test_garbage_is_read_without_a_stumble(raw: bytes) -> None:
    report, _ = dsn.read(raw)
    for name in report.names if report else ():
        assert delivery_named(name) is None


@calmly
@given(st.data())
def test_a_damaged_report_is_read_without_a_stumble(data: st.DataObject) -> None:
    raw = bytearray(data.draw(st.sampled_from(SHAPES))(NAME, "moeder@post.example").encode())
    for _ in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(0, len(raw) - 1))
        raw[place : place + data.draw(st.integers(0, 30))] = data.draw(st.binary(max_size=8))
    dsn.read(bytes(raw))


@calmly
@given(st.integers(1, 10**17), st.integers(1, 32767))
def test_only_the_very_name_of_a_mail_is_believed(number: int, round_number: int) -> None:
    signature = mail_signature(number, round_number)
    name = f"d{number}.{round_number}.{signature}"
    assert delivery_named(f"<{name}@portaal.example>") == delivery_named(name) == number
    assert delivery_named(f"d{number}.{round_number + 1}.{signature}") is None
    assert delivery_named(f"d{number + 1}.{round_number}.{signature}") is None
    assert delivery_named(f"1{name}") is None
    assert delivery_named(f"{name}0") is None
    assert delivery_named(name.upper()) is None


@calmly
@given(st.text())
def test_any_words_are_asked_without_a_stumble(words: str) -> None:
    assert delivery_named(words) is None
    is_dead_address(words)
