"""Signing in without a password: a one-time code to any contact point, shared ones too.

Who knows a contact point is not told: a known and an unknown address get the same answer, and the sender
(``messaging``) does its work after that answer. Behind a shared contact point a second fact is asked for.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import phonenumbers
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F, Q, QuerySet

from parents.access import children_of
from parents.models import ContactPoint, ContactPointUse, Guardian, Guardianship, PointKind, SignInCode
from schools import audit, clock
from schools.limits import Limit
from schools.models import Enrolment

DIGITS = 6
CODES_OF_VALUE = Limit("codes of a contact point", 5, 3600)
CODES_FROM_ADDRESS = Limit("codes from an address", 20, 3600)
TRIES_OF_VALUE = Limit("tries of a contact point", 20, 3600)
FACTS_OF_VALUE = Limit("second facts of a contact point", 5, 3600)


@dataclass(frozen=True, slots=True)
class Reachable:
    """What somebody typed, as contact points store it: an address in lower case, a number as E.164."""

    kind: str
    value: str


def read_contact(text: str) -> Reachable | None:
    """The e-mail address or telephone number in ``text`` (Belgian unless it says otherwise), or None."""
    text = text.strip()
    if "@" in text:
        try:
            validate_email(text)
        except ValidationError:
            return None
        return Reachable(PointKind.EMAIL, text.lower())
    try:
        number = phonenumbers.parse(text, "BE")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return Reachable(PointKind.PHONE, phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


@dataclass(frozen=True, slots=True)
class IssuedCode:
    """A code in the clear, for the one who sends it. It is stored nowhere."""

    contact: Reachable
    digits: str


def issue_code(contact: Reachable, *, school_id: int | None = None) -> IssuedCode | None:
    """A new code for a contact point that a guardian uses, at the gate of a school one with a child there; earlier ones
    die. None: there is nobody to send it to.

    The caller answers the same in both cases and has spent its limits before.
    """
    digits = "".join(secrets.choice("0123456789") for _place in range(DIGITS))
    point = _points(contact).filter(uses__guardian__in=_welcome(school_id)).order_by("pk").first()
    if point is None:
        return None
    now = clock.now()
    with transaction.atomic():
        _open_codes(contact).update(expires_at=now)
        SignInCode.objects.create(
            contact_point=point,
            digest=_digest(point.pk, digits),
            created_at=now,
            expires_at=now + timedelta(minutes=settings.SIGN_IN_CODE_MINUTES),
        )
    return IssuedCode(contact, digits)


def check_code(contact: Reachable, digits: str) -> list[Guardian]:
    """The guardians who use this contact point, if the code is right; then it is used up. Else nobody.

    A right code shows that the contact point works: it is verified from that day (rulings 4). Every try counts before
    it is compared, so that two at once are two.
    """
    if not TRIES_OF_VALUE.spend(contact.value):
        return []
    code = _open_codes(contact).order_by("-created_at", "-pk").first()
    if code is None:
        return []
    tried = SignInCode.objects.filter(pk=code.pk, attempts__lt=settings.SIGN_IN_CODE_ATTEMPTS, used_at__isnull=True)
    if not tried.update(attempts=F("attempts") + 1):
        return []
    if not hmac.compare_digest(code.digest, _digest(code.contact_point_id, digits)):
        return []
    if not SignInCode.objects.filter(pk=code.pk, used_at__isnull=True).update(used_at=clock.now()):
        return []
    _points(contact).exclude(verified_on=clock.today()).update(verified_on=clock.today())
    return list(guardians_at(contact))


def guardians_at(contact: Reachable) -> QuerySet[Guardian]:
    """Guardians with a right to information today who use this contact point."""
    uses = ContactPointUse.objects.filter(contact_point__in=_points(contact).values("pk"))
    return _welcome().filter(pk__in=uses.values("guardian_id")).order_by("first_name", "pk")


def points_at(contact: Reachable, guardian: Guardian) -> list[int]:
    """The ids under which the guardian uses this contact point."""
    return list(_points(contact).filter(uses__guardian=guardian).values_list("pk", flat=True))


def needs_second_fact(contact: Reachable, guardians: Iterable[Guardian]) -> bool:
    """Whether holding the phone or mailbox is not enough to know who somebody is."""
    return len(list(guardians)) > 1 or _points(contact).filter(is_shared=True).exists()


def knows_birthday(guardian: Guardian, *, day: int, month: int) -> bool:
    """The second fact: the day and month of birth of one of the guardian's children."""
    birthdays = children_of(guardian).filter(birth_date__day=day, birth_date__month=month)
    return birthdays.exists()


def names_of(guardians: Sequence[Guardian]) -> dict[int, str]:
    """By guardian, the first name; where several have the same one, the whole name and the schools of the children:
    two schools that do not know of each other have a row each for one parent. Where one school has two such rows, the
    children's first names."""
    often = Counter(guardian.first_name for guardian in guardians)
    alike = [guardian.pk for guardian in guardians if often[guardian.first_name] > 1]
    ties = Guardianship.objects.current().filter(guardian__in=alike, information_right=True)
    schools: dict[int, set[str]] = defaultdict(set)
    children: dict[int, set[str]] = defaultdict(set)
    here = Q(pupil__enrolments__in=Enrolment.objects.lasting())
    columns = ("guardian_id", "pupil__enrolments__school__name", "pupil__first_name")
    for pk, school, child in ties.filter(here).values_list(*columns):
        schools[pk].add(school)
        children[pk].add(child)
    names = {
        guardian.pk: " · ".join([guardian.full_name, *sorted(schools[guardian.pk])])
        if guardian.pk in alike
        else guardian.first_name
        for guardian in guardians
    }
    still = Counter(names.values())
    return {pk: " · ".join([name, *sorted(children[pk])]) if still[name] > 1 else name for pk, name in names.items()}


def log_sign_in(guardian: Guardian, contact: Reachable, *, door: str = "") -> None:
    """One line in the access log: who came in, by what kind of contact point, and through which door if not the usual
    one."""
    more = {"door": door} if door else {}
    audit.record_by_guardian(guardian_id=guardian.pk, verb="signed in", target=guardian, kind=contact.kind, **more)


def log_proof(guardian: Guardian, contact: Reachable) -> None:
    """The same for a guardian who opened a code without signing in, to change something that lasts."""
    audit.record_by_guardian(guardian_id=guardian.pk, verb="opened a code", target=guardian, kind=contact.kind)


def _welcome(school_id: int | None = None) -> QuerySet[Guardian]:
    running = Guardianship.objects.current().filter(information_right=True)
    if school_id is not None:
        here = Enrolment.objects.current().filter(school_id=school_id)
        running = running.filter(pupil_id__in=here.values("pupil_id"))
    return Guardian.objects.filter(pk__in=running.values("guardian_id"))


def _points(contact: Reachable) -> QuerySet[ContactPoint]:
    return ContactPoint.objects.usable().filter(kind=contact.kind, value=contact.value)


def _open_codes(contact: Reachable) -> QuerySet[SignInCode]:
    return SignInCode.objects.filter(
        contact_point__in=_points(contact).values("pk"), used_at__isnull=True, expires_at__gt=clock.now()
    )


def _digest(point_id: int, digits: str) -> str:
    key = hashlib.sha256(b"sign-in codes:" + settings.SECRET_KEY.encode()).digest()
    return hmac.new(key, f"{point_id}:{digits}".encode(), hashlib.sha256).hexdigest()
