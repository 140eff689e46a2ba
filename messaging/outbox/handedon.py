"""A reminder at a shared phone is for all who share it: one text message leaves, and when it would come for nothing to
whoever it was for, who answered while it waited or finds no time to choose any more, it goes to who is asked there
still."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Exists, Max, OuterRef, QuerySet

from messaging import audience, reminders
from messaging.models import Channel, Delivery, OptOut
from messaging.outbox.followed import read_in
from messaging.refusable import purpose_key
from parents.models import ContactPoint, ContactPointUse, Guardian, PointKind


def hand_on(reminders_in_vain: Collection[int]) -> set[int]:
    """Of these (ids, locked) those that go on, to another guardian at the same phone."""
    there = {"contact_point__kind": PointKind.PHONE, "contact_point__value": OuterRef("address")}
    shared = Exists(ContactPointUse.objects.filter(**there).exclude(guardian=OuterRef("guardian")))
    rows = Delivery.objects.filter(shared, pk__in=reminders_in_vain, channel=Channel.SMS).order_by("pk")
    rows = rows.select_related("notice__template", "notice__school")
    return {row.pk for row in rows if reminders.may_be_reminded(row.notice) and _hand_on(row)}


def _hand_on(row: Delivery) -> bool:
    use = _uses_of(row).filter(guardian__in=_asked_still(row).values("pk")).order_by("guardian_id").first()
    if use is None:
        return False
    before = Delivery.objects.filter(notice=row.notice, guardian=use.guardian, channel=Channel.SMS)
    row.guardian, row.contact_point = use.guardian, use.contact_point
    row.round = 1 + (before.aggregate(last=Max("round"))["last"] or 1)  # somebody asked for it (``rounds``)
    row.language, row.text_kind = read_in(row.notice, use.guardian)
    row.save(update_fields=["guardian", "contact_point", "round", "language", "text_kind"])
    return True


def _uses_of(row: Delivery) -> QuerySet[ContactPointUse]:
    points = ContactPoint.objects.usable().filter(kind=PointKind.PHONE, value=row.address)
    return ContactPointUse.objects.filter(contact_point__in=points).select_related("guardian", "contact_point")


def _asked_still(row: Delivery) -> QuerySet[Guardian]:
    """Who shares the phone, refuses no text messages like this one, and has no reminder of their own since."""
    people = audience.guardians_of(row.notice).filter(pk__in=_uses_of(row).order_by().values("guardian_id"))
    own = Delivery.objects.filter(notice=row.notice, created_at__gte=row.created_at)
    asked: QuerySet[Guardian] = reminders.still_wanted(row.notice, people).exclude(pk__in=own.values("guardian_id"))
    if row.is_urgent:
        return asked
    refusals = OptOut.objects.filter(channel=Channel.SMS, category__in=["", purpose_key(row.notice)])
    return asked.exclude(pk__in=refusals.values("guardian_id"))
