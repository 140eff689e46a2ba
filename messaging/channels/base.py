"""What every channel speaks. A channel knows addresses and words, and nothing of our tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG that a mail carries; its HTML shows it as ``cid:name``."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One thing to send. ``number`` and ``round`` name the delivery; a repeat of the same pair is the same message.

    ``signature`` proves that a report about that name answers something of ours.
    """

    number: int
    round: int
    address: str
    text: str
    subject: str = ""
    html: str = ""
    html_lang: str = "nl-BE"
    sender_name: str = ""
    reply_to: str = ""
    unsubscribe_url: str = ""
    receipt_url: str = ""
    signature: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    pictures: tuple[Picture, ...] = ()

    @property
    def name(self) -> str:
        """How this delivery is called towards mail servers and providers."""
        return f"d{self.number}.{self.round}.{self.signature}".rstrip(".")


class ChannelError(Exception):
    """Something was not sent.

    ``permanent`` trying again helps nobody · ``unavailable`` the other side does not answer at all, so nothing was
    tried · ``ambiguous`` it may have arrived · ``of_us`` the other side answers and will not have us: our name, sender
    or certificates, so that somebody must mend the settings. ``reason`` is one of messaging's reasons for a permanent
    failure; ``ends_address`` says that the address or number itself does not exist.
    """

    def __init__(
        self,
        words: str,
        *,
        permanent: bool = False,
        reason: str = "",
        unavailable: bool = False,
        ambiguous: bool = False,
        of_us: bool = False,
        ends_address: bool = False,
    ) -> None:
        super().__init__(words)
        self.permanent = permanent
        self.reason = reason
        self.unavailable = unavailable
        self.ambiguous = ambiguous
        self.of_us = of_us
        self.ends_address = ends_address


class Channel(Protocol):
    """A way out that the worker drives. It keeps its connection from the first ``send`` until ``close``."""

    def send(self, outgoing: Outgoing) -> str:
        """Send and return the provider's reference ("" if it gives none). Raises ChannelError."""

    def close(self) -> None:
        """Let go of the connection; safe to call twice."""
