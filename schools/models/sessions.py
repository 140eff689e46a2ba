"""Sessions: Django's, with whose it is and when it was used last, so that one can look through one's own."""

from __future__ import annotations

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils.translation import gettext_lazy as _


class Session(AbstractBaseSession):
    """A browser's. ``user`` is empty for visitors and for parents, whose sessions are short and end by themselves.

    ``device`` says "Firefox · Windows" and no more; where somebody was is not kept.
    """

    user = models.ForeignKey("schools.User", models.CASCADE, null=True, related_name="sessions")
    device = models.CharField(_("device"), max_length=40, blank=True)
    signed_in_at = models.DateTimeField(_("signed in"), null=True)
    last_used_at = models.DateTimeField(_("last used"), null=True)

    class Meta:
        verbose_name = _("session")

    @classmethod
    def get_session_store_class(cls) -> type:
        from schools.sessionstore import SessionStore

        return SessionStore
