"""A gathering is announced: a draft of a notice about it, which its author looks at, completes and sends as any other.

The sign-up stands on the page of the notice, in place of answers by one tap: there is one list of who comes.
"""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from messaging.addressees import AddressBook
from messaging.models import Notice, NoticeStatus, NoticeTemplate
from messaging.models.notices import AudienceKind
from messaging.selections import Selection
from messaging.services.writing import create_notice, update_notice
from parents.models import ContactKind, Gathering
from schools import clock
from schools.models import User

#: The text that fits a kind of gathering; any other gets the general one.
TEMPLATES = {ContactKind.COFFEE_MOMENT: "coffee-morning"}
GENERAL = "parents-gathering"


@transaction.atomic
def announce_gathering(*, gathering: Gathering, by: User) -> Notice:
    """The draft: to the whole school, or to the own class of a teacher. One that waits to be sent is taken up again,
    with the present day, hour and place. Raises ValidationError for a gathering that is over or cancelled, and for who
    addresses nobody there."""
    row = Gathering.objects.select_for_update(of=("self",)).select_related("school").get(pk=gathering.pk)
    if not row.is_open:
        raise ValidationError(_("This gathering has begun or is cancelled: nobody can sign up any more."))
    starts = row.starts_at.astimezone(clock.BRUSSELS)
    values = {
        "activity": row.title,
        "date": starts.date().isoformat(),
        "time": f"{starts:%H:%M}",
        "place": row.place,
    }
    known = about(row).filter(author=by, status=NoticeStatus.DRAFT).order_by("pk").last()
    if known is not None:
        return update_notice(known, values=values)
    template = NoticeTemplate.objects.get(slug=TEMPLATES.get(ContactKind(row.kind), GENERAL))
    return create_notice(author=by, template=template, to=_group(row, by, template), values=values, answer_keys=[])


def about(gathering: Gathering) -> QuerySet[Notice]:
    """Notices that announce it; those to who came are others."""
    return Notice.objects.filter(gathering=gathering).exclude(audience=AudienceKind.GATHERING)


def _group(gathering: Gathering, by: User, template: NoticeTemplate) -> Selection:
    book = AddressBook(by, template)
    if gathering.school_id in book.schools:
        return Selection(AudienceKind.SCHOOL, gathering.school, gathering=gathering)
    rooms = [room for room in book.classes.values() if room.school_id == gathering.school_id]
    if not rooms:
        raise ValidationError(_("You have no class at this school to which you could announce it."))
    return Selection(AudienceKind.CLASS, gathering.school, rooms[0], gathering=gathering)
