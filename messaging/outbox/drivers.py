"""Which driver carries a channel, by the settings of this installation."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings

from messaging.channels.anymail import ProviderChannel
from messaging.channels.base import Channel as Driver
from messaging.channels.email import SmtpChannel
from messaging.channels.sms import GatewayChannel
from messaging.models import Channel
from messaging.recorded import RecordingChannel


def driver_for(channel: str) -> Driver:
    """A new driver, not connected yet."""
    if channel == Channel.EMAIL:
        return _mail()
    if settings.SMS_DRIVER == "record":
        return RecordingChannel(Channel.SMS)
    return GatewayChannel(
        url=settings.SMS_GATEWAY_URL, user=settings.SMS_GATEWAY_USER, password=settings.SMS_GATEWAY_PASSWORD
    )


def connections_for(channel: str) -> int:
    """How many messages may be under way at once. What is recorded is written to our database: by one."""
    return settings.MAIL_CONNECTIONS if channel == Channel.EMAIL and settings.MAIL_DRIVER != "record" else 1


def sending_channels() -> list[str]:
    """The channels that this installation can send by; text messages may be switched off."""
    return [Channel.EMAIL] if settings.SMS_DRIVER == "off" else [Channel.EMAIL, Channel.SMS]


def _mail() -> Driver:
    if settings.MAIL_DRIVER == "record":
        return RecordingChannel(Channel.EMAIL)
    host_name = urlsplit(settings.SITE_URL).hostname or "localhost"
    if settings.MAIL_DRIVER == "anymail":
        return ProviderChannel(provider=settings.MAIL_PROVIDER, sender=settings.DEFAULT_FROM_EMAIL, host_name=host_name)
    return SmtpChannel(
        host=settings.EMAIL_HOST,
        port=settings.EMAIL_PORT,
        sender=settings.DEFAULT_FROM_EMAIL,
        bounces_to=settings.BOUNCE_ADDRESS,
        host_name=host_name,
        user=settings.EMAIL_HOST_USER,
        password=settings.EMAIL_HOST_PASSWORD,
        use_tls=settings.EMAIL_USE_TLS,
        timeout=settings.EMAIL_TIMEOUT,
    )
