"""A child's contacts for the file of its CLB (domain 6.3), chosen by who takes them there. Reads only, with a line in
the access log for each note that is opened.

For one centre, of a child at a school that it accompanies: what another centre or its school wrote stays out, also for
the joint worker, who reads both.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from parents.clbfile import opened
from parents.models import CLBNote, ContactMoment, Family
from parents.models.kinds import ContactKind, Visibility
from schools import clock
from schools.days import full_day
from schools.languages import MASTER
from schools.marks import colon
from schools.models import CLBCentre, Enrolment, Pupil, User
from schools.scope import scope_of
from schools.typeset import typeset

#: The verb under which it stands in the access log, with the numbers of centre and contacts.
TAKEN_ALONG = "exported contacts for the CLB file"
#: So many, the newest; a child's career has fewer.
MOST_CONTACTS = 200


@dataclass(frozen=True, slots=True)
class ChildAtCentre:
    """A child of a family, the centre whose file is meant, and what may go into it."""

    pupil: Pupil
    centre: CLBCentre
    contacts: list[ContactMoment]


def children_at_centres(family: Family, reader: User) -> list[ChildAtCentre]:
    """The children for whose file the reader may take contacts along, with their contacts."""
    centres = CLBCentre.objects.filter(pk__in=scope_of(reader).note_centres).order_by("name")
    pupils = Pupil.objects.visible_to(reader).filter(family_memberships__family=family).distinct()
    children = list(pupils.order_by("first_name", "pk"))
    places = Enrolment.objects.filter(pupil__in=children).values_list("pupil_id", "school__clb_id")
    at = {(pupil, centre) for pupil, centre in places}
    moments = list(_contacts(family, reader)[:MOST_CONTACTS])
    return [
        ChildAtCentre(child, centre, [row for row in moments if _is_about(row, child, centre)])
        for centre in centres
        for child in children
        if (child.pk, centre.pk) in at
    ]


def _contacts(family: Family, reader: User) -> Any:
    rows = ContactMoment.objects.visible_to(reader).held().filter(family=family)
    rows = rows.exclude(visibility=Visibility.AUTHOR)
    return rows.with_people().order_by("-held_on", "-pk")


def _is_about(moment: ContactMoment, child: Pupil, centre: CLBCentre) -> bool:
    """Of this child, and the centre's own or of a school that it accompanies: not of another centre's school, from
    which the child came or to which it went."""
    is_of_the_centre = (moment.centre_id or moment.school.clb_id) == centre.pk
    return is_of_the_centre and any(pupil.pk == child.pk for pupil in moment.pupils.all())


def table(child: ChildAtCentre, chosen: Collection[int], reader: User) -> tuple[list[str], list[list[str]]]:
    """The chosen contacts, the oldest first: what happened, what was agreed, and the centre's own notes."""
    rows = [row for row in reversed(child.contacts) if row.pk in chosen]
    notes: dict[int, list[str]] = {}
    own = CLBNote.objects.visible_to(reader).filter(Q(contact_moment__in=rows), centre=child.centre)
    for note in own.select_related("centre", "contact_moment").order_by("written_at", "pk"):
        notes.setdefault(note.contact_moment_id, []).append(opened(note, reader).text)
    head = [
        _("Day"),
        _("Kind of contact"),
        _("With whom"),
        _("outcome").capitalize(),
        _("Referral"),
        _("factual line").capitalize(),
        _("agreement").capitalize(),
        _("Written by"),
        _("Note"),
    ]
    return head, [
        [
            f"{row.held_on:%Y-%m-%d}",
            str(row.get_kind_display()),
            ", ".join(person.full_name for person in row.guardians.all()),
            str(row.get_outcome_display()),
            referral_words(row),
            row.note,
            row.agreement,
            row.recorded_by.full_name,
            "\n".join(notes.get(row.pk, [])),
        ]
        for row in rows
    ]


def referral_words(moment: ContactMoment) -> str:
    """To whom the family was referred, accompanied or not, and whether it arrived; nothing without a referral."""
    if not moment.is_referral:
        return ""
    words = [
        moment.partner.name if moment.partner else "",
        _("accompanied") if moment.kind == ContactKind.REFERRAL else _("not accompanied"),
        str(moment.get_arrived_display()) if moment.arrived is not None else pgettext("referral", "arrival not known"),
    ]
    return ", ".join(word for word in words if word)


def as_pdf(child: ChildAtCentre, head: Sequence[str], rows: Sequence[Sequence[str]], *, by: User) -> bytes:
    """The same on paper: a contact after the other, without what is empty."""
    today: date = clock.today()
    code = get_language() or MASTER

    def line(label: str, words: str) -> dict[str, str]:
        return {"label": label, "value": words, "lang": code, "dir": "ltr"}

    return typeset(
        "persondata",
        {
            "title": _("Contacts for the file of the CLB"),
            "name": f"{child.pupil.full_name} · {child.centre.name}",
            "name-dir": "ltr",
            "colon": f"{colon()} ",
            "date": today.isoformat(),
            "lang": code,
            "intro": _("Taken out of In groei en bloei by %(name)s on %(day)s.")
            % {"name": by.full_name, "day": full_day(today)},
            "sections": [
                {
                    "title": _("Contacts"),
                    "rows": [[line(*cell) for cell in zip(head, row, strict=True) if cell[1]] for row in rows],
                }
            ],
        },
    )
