"""The talks of a teacher who is not there any more go to a colleague: the times and what parents chose stay."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from parents.models import ConferenceHost, ConferenceHour, ConferenceSlot, SlotStatus
from parents.services.conferences import overlap, remind_anew
from schools import audit, clock
from schools.models import User


def give_talks(*, host: ConferenceHost, to: User, by: User) -> int:
    """Those on days on which the teacher does not work there any more; returns how many times. What was held stays with
    who held it. Raises ValidationError when ``to`` has another talk at one of these times."""
    with transaction.atomic():
        attended = ConferenceHour.objects.attended().filter(host=host)
        to_come = host.hours.filter(starts_at__gt=clock.now()).exclude(pk__in=attended.values("pk"))
        # Slots before times, as who books locks them.
        slots = ConferenceSlot.objects.select_for_update(of=("self",)).filter(hour__in=to_come.values("pk"))
        booked = list(slots.order_by("pk").values_list("pk", flat=True))
        hours = list(host.hours.select_for_update(of=("self",)).filter(pk__in=to_come.values("pk")).order_by("pk"))
        heir, is_new = ConferenceHost.objects.get_or_create(
            round_id=host.round_id,
            school_class_id=host.school_class_id,
            teacher=to,
            defaults={"room": host.room, "video_url": host.video_url},
        )
        try:
            with transaction.atomic():
                ConferenceHour.objects.filter(pk__in=[hour.pk for hour in hours]).update(host=heir, teacher=to)
        except IntegrityError as error:
            raise overlap(heir) from error
        if not is_new and (heir.room, heir.video_url) != (host.room, host.video_url):
            remind_anew(ConferenceSlot.objects.filter(pk__in=booked, status=SlotStatus.BOOKED))
        audit.record(
            actor=by,
            verb="gave talks to a colleague",
            target=heir,
            school_id=host.round.school_id,
            before=host.teacher_id,
            number=len(hours),
        )
        if not host.hours.exists():
            host.delete()
    return len(hours)
