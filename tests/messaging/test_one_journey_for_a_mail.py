"""The commands before a mail go to the server together where it can take them so (RFC 2920), and what was sent is
written down before more has left than may be under way."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from messaging import outbox
from messaging.channels.base import ChannelError, Outgoing
from messaging.channels.email import SmtpChannel
from messaging.models import Delivery, DeliveryStatus
from tests.messaging.sinks import MailSink
from tests.messaging.test_providers import publish

_MAIL = b".\r\n"


@dataclass
class Scripted:
    """A server that says what it was told to say for each command; ``packets`` is what came in, journey by journey."""

    answers: dict[str, str]
    port: int = 0
    packets: list[bytes] = field(default_factory=list)

    def serve(self, listening: socket.socket) -> None:
        connection, _address = listening.accept()
        with connection:
            connection.sendall(b"220 here\r\n")
            in_mail = False
            while packet := connection.recv(65536):
                self.packets.append(packet)
                if in_mail:
                    while not packet.endswith(_MAIL):
                        packet += connection.recv(65536)
                    self.packets[-1], in_mail = packet, False
                    connection.sendall(f"{self.answers['mail']}\r\n".encode())
                    continue
                for command in packet.decode().split("\r\n")[:-1]:
                    answer = self.answers.get(command[:4].upper(), "250 fine")
                    in_mail = answer.startswith("354")
                    connection.sendall(f"{answer}\r\n".encode())
                    if command.upper() == "QUIT":
                        return


@contextmanager
def scripted(**answers: str) -> Iterator[tuple[Scripted, SmtpChannel]]:
    server = Scripted({"EHLO": "250-here\r\n250 PIPELINING", "DATA": "354 go on", "mail": "250 taken"} | answers)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.serve, args=[listening], daemon=True)
        thread.start()
        channel = SmtpChannel(
            host="127.0.0.1", port=listening.getsockname()[1], sender="s@school.example", host_name="h.example"
        )
        try:
            yield server, channel
        finally:
            channel.close()
            thread.join(5)


def mail(number: int = 1) -> Outgoing:
    return Outgoing(number, 1, "a@post.example", "tekst", subject="INFO: school", html="<p>tekst</p>")


def test_a_server_that_can_gets_the_commands_together() -> None:
    with scripted() as (server, channel):
        assert channel.send(mail()) == "<d1.1@h.example>"
        assert channel.send(mail(2)) == "<d2.1@h.example>"
    asked = b"MAIL FROM:<s@school.example>\r\nRCPT TO:<a@post.example>\r\nDATA\r\n"
    assert [packet for packet in server.packets if packet.startswith(b"MAIL")] == [asked, asked]
    assert [packet.endswith(b"\r\n.\r\n") for packet in server.packets[2::2]] == [True, True]


def test_any_other_server_is_asked_one_after_another() -> None:
    with scripted(EHLO="250 here") as (server, channel):
        channel.send(mail())
    assert [packet[:4] for packet in server.packets[1:4]] == [b"MAIL", b"RCPT", b"DATA"]


def test_a_refused_address_gets_no_mail_though_the_server_would_go_on() -> None:
    with scripted(RCPT="550 5.1.1 no such user", mail="554 5.5.1 no valid recipients") as (server, channel):
        with pytest.raises(ChannelError) as refused:
            channel.send(mail())
        assert refused.value.permanent
        assert refused.value.ends_address
        assert server.packets[2] == b".\r\n", "an empty one ends what the server began"
        server.answers["RCPT"] = "250 fine"
        server.answers["mail"] = "250 taken"
        assert channel.send(mail(2)) == "<d2.1@h.example>", "the same connection serves the next mail"


def test_a_refused_address_and_a_server_that_does_not_go_on() -> None:
    with scripted(RCPT="450 4.2.1 later", DATA="503 5.5.1 nobody to send it to") as (server, channel):
        with pytest.raises(ChannelError) as refused:
            channel.send(mail())
        assert not refused.value.permanent
        assert server.packets[2] == b"rset\r\n"


@pytest.mark.django_db
def test_no_more_has_left_unwritten_than_may_be_under_way(
    settings: Any, sink: MailSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MAIL_CONNECTIONS = 3
    publish(5)
    unwritten: list[int] = []

    def looked(self: SmtpChannel, outgoing: Outgoing) -> str:
        name = send(self, outgoing)
        unwritten.append(len(sink.raw) - Delivery.objects.filter(status=DeliveryStatus.SENT).count())
        return name

    send = SmtpChannel.send
    monkeypatch.setattr(SmtpChannel, "send", looked)
    monkeypatch.setattr("messaging.outbox.hands.SLOW_SECONDS", 60.0)
    assert outbox.deliver_due() == Delivery.objects.filter(status=DeliveryStatus.SENT).count() == len(sink.raw)
    assert unwritten == [1, 2, 3, 1, 2]


@pytest.mark.django_db
def test_a_failure_is_written_down_at_once(settings: Any, sink: MailSink) -> None:
    settings.MAIL_CONNECTIONS = 50
    publish(3)
    wrong = Delivery.objects.order_by("pk").values_list("address", flat=True)[1]
    sink.answer_rcpt = lambda address: "550 5.1.1 no such user" if address == wrong else ""
    outbox.deliver_due()
    states = list(Delivery.objects.filter(channel="EMAIL").order_by("pk").values_list("status", flat=True))
    assert states[:3] == ["SENT", "FAILED", "SENT"]
