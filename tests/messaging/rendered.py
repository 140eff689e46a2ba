"""What the guardian of one delivery gets of its notice, by each way."""

from __future__ import annotations

from messaging.letters import Letter, letters_for
from messaging.mails import Mail
from messaging.models import Delivery
from messaging.noticepage import NoticePage
from messaging.rendering import Renderer


def page_for(delivery: Delivery) -> NoticePage:
    return Renderer([delivery]).page(delivery)


def mail_for(delivery: Delivery) -> Mail:
    return Renderer([delivery]).mail(delivery)


def sms_for(delivery: Delivery) -> str:
    return Renderer([delivery]).sms(delivery)


def letter_for(delivery: Delivery) -> Letter:
    return letters_for([delivery])[0]
