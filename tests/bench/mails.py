"""The same mails sent by others: words and pictures that are ready, for clients that have no rows and write nothing
down."""

from __future__ import annotations

import base64
import json
import smtplib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from email.message import EmailMessage
from email.mime.image import MIMEImage
from email.utils import formatdate
from pathlib import Path

from messaging.channels.base import Outgoing

_HOST = "127.0.0.1"
_SENDER = "school@school.example"


@dataclass(frozen=True, slots=True)
class ReadyMail:
    name: str
    address: str
    subject: str
    text: str
    html: str
    #: Names and contents of the pictures that the HTML shows.
    pictures: tuple[tuple[str, bytes], ...] = ()


def write(path: Path, mails: Iterable[Outgoing]) -> None:
    pictures: dict[str, str] = {}
    rows = []
    for mail in mails:
        pictures |= {picture.name: base64.b64encode(picture.content).decode() for picture in mail.pictures}
        shown = [picture.name for picture in mail.pictures]
        rows.append([mail.name, mail.address, mail.subject, mail.text, mail.html, shown])
    path.write_text(json.dumps({"pictures": pictures, "mails": rows}), encoding="utf-8")


def read(path: str) -> list[ReadyMail]:
    written = json.loads(Path(path).read_text(encoding="utf-8"))
    pictures = {name: base64.b64decode(content) for name, content in written["pictures"].items()}
    return [
        ReadyMail(name, address, subject, text, html, tuple((picture, pictures[picture]) for picture in shown))
        for name, address, subject, text, html, shown in written["mails"]
    ]


def building_client(path: str, port: str) -> Callable[[], int]:
    """Builds each message with the standard library and sends it over one kept connection."""
    mails = read(path)

    def work() -> int:
        with smtplib.SMTP(_HOST, int(port)) as connection:
            for mail in mails:
                connection.send_message(_message(mail))
        return len(mails)

    return work


def ready_client(path: str, port: str) -> Callable[[], int]:
    """Sends bytes that were built before: what the wire allows."""
    mails = [(mail.address, _message(mail).as_bytes().replace(b"\n", b"\r\n")) for mail in read(path)]

    def work() -> int:
        with smtplib.SMTP(_HOST, int(port)) as connection:
            for address, content in mails:
                connection.sendmail(_SENDER, [address], content)
        return len(mails)

    return work


def django_client(path: str, port: str, part: str) -> Callable[[], int]:
    """``send()`` for each mail, as Django's documentation begins; only every ``part``-th of them, for it takes long."""
    from django.core.mail import EmailMultiAlternatives, get_connection

    mails = read(path)[:: int(part)]

    def work() -> int:
        for mail in mails:
            connection = get_connection("django.core.mail.backends.smtp.EmailBackend", host=_HOST, port=int(port))
            message = EmailMultiAlternatives(mail.subject, mail.text, _SENDER, [mail.address], connection=connection)
            message.attach_alternative(mail.html, "text/html")
            for name, content in mail.pictures:
                message.attach(_part(name, content))
            message.send()
        return len(mails)

    return work


def _message(mail: ReadyMail) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = _SENDER, mail.address, mail.subject
    message["Date"], message["Message-ID"] = formatdate(), f"<{mail.name}@school.example>"
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    html = list(message.iter_parts())[-1]
    for name, content in mail.pictures:
        html.add_related(content, "image", "png", cid=f"<{name}>", disposition="inline")
    return message


def _part(name: str, content: bytes) -> MIMEImage:
    part = MIMEImage(content, "png")
    part.add_header("Content-ID", f"<{name}>")
    part.add_header("Content-Disposition", "inline")
    return part
