"""What guardians do not want any more, by purpose and way; urgent notices still arrive, and other ways stay open."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from messaging import outbox
from messaging.models import Channel, Delivery, OptOut
from messaging.refusable import purposes_in_mail
from parents.models import Guardian
from schools import audit, clock


def opt_out(delivery: Delivery, *, everything: bool = False, because: str = "asked") -> bool:
    """No more notices by this way like those that its message brought, or none at all by it. What waits moves to the
    next way at once. False when that was said before.

    ``because`` is for the log.
    """
    new: list[OptOut] = []
    with transaction.atomic():
        for category in [""] if everything else purposes_in_mail(delivery):
            facts = {"channel": delivery.channel, "category": category, "told": delivery, "because": because}
            new += refuse(guardians=[delivery.guardian], **facts)  # type: ignore[arg-type]
    return bool(new)


def refuse(
    *, guardians: Collection[Guardian], channel: str, category: str, told: Delivery | None, because: str = "asked"
) -> list[OptOut]:
    """These guardians refuse a way for a purpose (for all when it is empty); returns the new refusals. ``told`` is the
    delivery in whose name it was said."""
    new: list[OptOut] = []
    with transaction.atomic():
        for guardian in guardians:
            known = OptOut.objects.filter(guardian=guardian, channel=channel, category__in={"", category})
            if known.exists():
                continue
            whose = {"guardian": guardian, "channel": channel, "category": category}
            row, is_new = OptOut.objects.get_or_create(**whose, defaults={"since": clock.now()})
            if not is_new:
                continue  # said at the same moment
            new.append(row)
            audit.record_by_guardian(
                guardian_id=guardian.pk,
                verb="opted out",
                target=told.notice if told else guardian,
                channel=channel,
                category=category,
                because=because,
            )
        outbox.take_back_unwanted([row.guardian_id for row in new], channel, category)
        outbox.ring()
    return new


def get_texts_again(*, guardians: Collection[Guardian]) -> bool:
    """START from a phone is of everybody at that number, as STOP is: nothing is refused by text message any more. False
    where nothing was: then the word is an answer to something else."""
    with transaction.atomic():
        rows = list(OptOut.objects.filter(guardian__in=guardians, channel=Channel.SMS).select_related("guardian"))
        for row in rows:
            get_again(guardian=row.guardian, refusal=row.pk)
    return bool(rows)


def get_all_again(*, guardian: Guardian, channel: str) -> bool:
    """Who asks to be reached by a way takes back what was said of it before: nothing at all by it. A refusal for one
    purpose stays. False when there is none."""
    row = OptOut.objects.filter(guardian=guardian, channel=channel, category="").first()
    return row is not None and get_again(guardian=guardian, refusal=row.pk)


def get_again(*, guardian: Guardian, refusal: int) -> bool:
    """The guardian takes an own refusal back; False when there is none like that any more."""
    with transaction.atomic():
        row = OptOut.objects.filter(pk=refusal, guardian=guardian).first()
        if row is None:
            return False
        row.delete()
        audit.record_by_guardian(
            guardian_id=guardian.pk,
            verb="opted in again",
            target=guardian,
            channel=row.channel,
            category=row.category,
        )
    return True
