"""Addresses, telephone numbers and e-mail addresses: all invented, some shared, some missing, some dead."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from datetime import date, timedelta

from ingroeibloei.demo.world import World, write
from parents.models import (
    FOR_A_CHILD,
    Consent,
    ConsentPurpose,
    ContactPoint,
    ContactPointUse,
    GivenHow,
    Guardian,
    Guardianship,
    Household,
    PointKind,
)
from schools.models import Pupil

STREETS = (
    "Kersenbloesemstraat", "Perelaarsdreef", "Boomgaardweg", "Bloesemplein", "Hubertushof", "Veldhofstraat",
    "Wijngaardpad", "Appelhof", "Pruimelaarstraat", "Haagbeukweg", "Notelaarlaan", "Fruitveilingstraat", "Meidoornpad",
    "Plukkersweg", "Stroopfabriekstraat", "Mispelaarhof", "Bijenkorfplein", "Hagelandse Poort", "Zonnehoek",
)  # fmt: skip
POSTCODES = (("3800", "Sint-Truiden", 9), ("3803", "Sint-Truiden", 1))
#: Share of couples who share a telephone, or an e-mail address.
SHARED_PHONE, SHARED_EMAIL = 0.16, 0.10
#: Share of guardians with an e-mail address and a telephone, by whether Dutch is spoken at home.
HAS_EMAIL, HAS_PHONE = {True: 0.94, False: 0.74}, {True: 0.95, False: 0.90}
#: Share of families of whom the school has nothing but an address.
ADDRESS_ONLY = {True: 0.008, False: 0.03}
#: Share of e-mail addresses that were given up during the year.
BOUNCED = 0.008
#: The story's people have numbers below this one.
FIRST_NUMBER = 100


class Points:
    """Hands out contact points and households, and writes them with the guardianships of the families."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.ties: list[Guardianship] = []
        self.households: list[Household] = []
        self.points: list[ContactPoint] = []
        self.uses: list[ContactPointUse] = []
        self.consents: list[Consent] = []
        self._number = FIRST_NUMBER

    def household(self) -> Household:
        """An address of its own."""
        rng = self.world.rng
        postcode, town, _ = rng.choices(POSTCODES, [entry[2] for entry in POSTCODES])[0]
        row = Household(street=f"{rng.choice(STREETS)} {rng.randint(1, 140)}", postcode=postcode, city=town)
        self.households.append(row)
        return row

    def give(self, guardians: list[Guardian], language: str) -> None:
        """Ways to reach the guardians of one household."""
        world, is_dutch = self.world, language == "nl"
        for guardian in guardians:
            if world.chance(0.5):
                self.consent(guardian, ConsentPurpose.PHOTO)
        if world.chance(ADDRESS_ONLY[is_dutch]):
            return
        is_couple = len(guardians) > 1
        share = {PointKind.EMAIL: HAS_EMAIL[is_dutch], PointKind.PHONE: HAS_PHONE[is_dutch]}
        for kind, together in ((PointKind.EMAIL, SHARED_EMAIL), (PointKind.PHONE, SHARED_PHONE)):
            if is_couple and world.chance(together):
                self.point(kind, *guardians)
                continue
            for guardian in guardians:
                if world.chance(share[kind]):
                    self.point(kind, guardian)
        if not is_dutch and world.chance(0.5):
            self.consent(guardians[0], ConsentPurpose.HOME_VISIT)

    def point(
        self, kind: PointKind, *guardians: Guardian, value: str = "", verified: bool | None = None
    ) -> ContactPoint:
        """One contact point of one or more guardians."""
        world, started = self.world, self.world.year.starts_on
        self._number += 1
        checked = started + timedelta(days=world.rng.randint(0, 45))
        row = ContactPoint(
            kind=kind,
            value=value or self._value(kind, guardians[0]),
            is_shared=len(guardians) > 1,
            verified_on=checked if (world.chance(0.8) if verified is None else verified) else None,
            valid_from=started - timedelta(days=200),
        )
        if kind == PointKind.EMAIL and not value and world.chance(BOUNCED):
            self.end(row)
        self.points.append(row)
        self.uses += [
            ContactPointUse(contact_point=row, guardian=guardian, rank=0 if kind == PointKind.EMAIL else 1)
            for guardian in guardians
        ]
        return row

    def end(self, point: ContactPoint, day: date | None = None) -> None:
        """The address was given up on this day: the next mail to it comes back (see ``deliveries``)."""
        days = self.world.days[self.world.pilots[0].pk]
        started = self.world.year.starts_on
        point.valid_until = day or days.choose(self.world.rng, started + timedelta(days=30), self.world.today)
        point.ended_because = "BOUNCED" if point.valid_until else ""

    def consent(self, guardian: Guardian, purpose: ConsentPurpose) -> None:
        given = self.world.year.starts_on + timedelta(days=self.world.rng.randint(0, 20))
        self.consents.append(Consent(guardian=guardian, purpose=purpose, given_on=given, given_how=GivenHow.PAPER))

    def _consents_by_child(self) -> Iterator[Consent]:
        """What is given for each child apart becomes a row for each of the guardian's children."""
        children: dict[int, list[Pupil]] = {}
        for tie in self.ties:
            children.setdefault(id(tie.guardian), []).append(tie.pupil)
        for row in self.consents:
            about: list[Pupil | None] = [None]
            if row.purpose in FOR_A_CHILD:
                about = [*children.get(id(row.guardian), [])]
            for child in about:
                yield Consent(
                    guardian=row.guardian,
                    child=child,
                    purpose=row.purpose,
                    given_on=row.given_on,
                    given_how=row.given_how,
                )

    def _value(self, kind: PointKind, guardian: Guardian) -> str:
        if kind == PointKind.PHONE:
            return f"+32470{self._number:06d}"
        name = f"{guardian.first_name}.{guardian.last_name or 'gezin'}".lower().replace(" ", "")
        plain = unicodedata.normalize("NFKD", name.replace("ı", "i").replace("ł", "l"))
        return f"{''.join(letter for letter in plain if letter.isascii())}.{self._number}@brievenbus.example"

    def write_households(self) -> None:
        write(Household, self.households)

    def write(self) -> None:
        write(ContactPoint, self.points)
        write(ContactPointUse, self.uses)
        write(Consent, [row for row in self._consents_by_child() if row.given_on <= self.world.today])
