from __future__ import annotations

from django.db import models


class Reminder(models.Model):
    """A mail to one person that leaves once (``schools.colleaguemail``). Whoever is about to send holds the row until
    ``held_until``; without ``sent_at`` after that, nothing left."""

    person = models.ForeignKey("schools.User", models.CASCADE, related_name="+")
    held_until = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True
