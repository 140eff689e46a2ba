"""For whom a notice is rendered: a guardian with their own children, one answer, and perhaps a shared phone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from messaging.models import Answer, Delivery, NoticePupil
from parents.models import ContactPointUse
from schools import clock
from schools.models.periods import running_on


@dataclass(frozen=True, slots=True)
class Child:
    pk: int
    first_name: str
    full_name: str
    class_name: str


@dataclass(slots=True)
class Reader:
    """For whom a text is rendered: the guardian of a delivery, or nobody yet on a preview."""

    language: str
    children: Sequence[Child]
    url: str
    sees_all: bool = True
    delivery: Delivery | None = None
    given_answer: str = ""

    @property
    def is_reminder(self) -> bool:
        return self.delivery is not None and self.delivery.is_reminder


def children_of(deliveries: Sequence[Delivery]) -> dict[tuple[int, int], list[Child]]:
    """The children that each notice is about and each guardian may be told of, in the order of their names."""
    link = "pupil__guardianships__"
    rows = (
        NoticePupil.objects.filter(
            running_on(clock.today(), link),
            notice_id__in={delivery.notice_id for delivery in deliveries},
            **{
                f"{link}guardian_id__in": {delivery.guardian_id for delivery in deliveries},
                f"{link}information_right": True,
            },
        )
        .order_by("pupil__first_name", "pupil_id")
        .values_list(
            "notice_id",
            f"{link}guardian_id",
            "pupil_id",
            "pupil__first_name",
            "pupil__last_name",
            "school_class__name",
        )
    )
    found: dict[tuple[int, int], list[Child]] = {}
    for notice, guardian, pk, first, last, class_name in rows:
        found.setdefault((notice, guardian), []).append(Child(pk, first, f"{first} {last}".strip(), class_name or ""))
    return found


def given_answers(deliveries: Sequence[Delivery]) -> dict[tuple[int, int], str]:
    rows = Answer.objects.filter(
        notice_id__in={delivery.notice_id for delivery in deliveries},
        guardian_id__in={delivery.guardian_id for delivery in deliveries},
    )
    return {(notice, guardian): key for notice, guardian, key in rows.values_list("notice_id", "guardian_id", "key")}


def shared_points(deliveries: Sequence[Delivery]) -> set[int]:
    """Contact points in use by more than one guardian, whether or not somebody ticked the box."""
    points = {delivery.contact_point_id for delivery in deliveries if delivery.contact_point_id}
    users: dict[int, set[int]] = {}
    rows = ContactPointUse.objects.filter(contact_point_id__in=points)
    for point, guardian in rows.values_list("contact_point_id", "guardian_id"):
        users.setdefault(point, set()).add(guardian)
    return {point for point, guardians in users.items() if len(guardians) > 1}
