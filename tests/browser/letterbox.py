"""An SMTP server that keeps what arrives, and knows an address that no longer exists."""

from __future__ import annotations

import email
from email.message import EmailMessage
from email.policy import default as modern
from typing import Any

#: A mother of the class of four languages (``tests.browser.four_languages``): her mail comes back, and the ladder goes
#: on to the last rung.
GONE = "zeynep.arslan@brievenbus.example"


class Letterbox:
    """Everything that arrived, with the address it was for."""

    def __init__(self) -> None:
        self.arrived: list[tuple[str, EmailMessage]] = []
        self.refused: list[str] = []

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address == GONE:
            self.refused.append(address)
            return "550 5.1.1 No such mailbox here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        parsed = email.message_from_bytes(envelope.content, policy=modern)
        self.arrived.extend((recipient, parsed) for recipient in envelope.rcpt_tos)
        return "250 OK"

    def to(self, address: str) -> list[EmailMessage]:
        return [message for recipient, message in self.arrived if recipient == address]
