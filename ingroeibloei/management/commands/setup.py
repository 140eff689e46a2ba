"""``manage.py setup``: the first day of a new portal."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction

from messaging.content import load_templates
from reports.cardversions import keep_versions
from reports.planner.loading import load_planner
from schools import clock, services
from schools.invitations import link_of
from schools.models import Assignment, Role, User
from schools.reference import load_methods, load_vocabulary
from schools.services.staffing import invite


class Command(BaseCommand):
    help = "Lay the tables, texts and school years of a new portal, and invite its first administrator."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--email", required=True, help="address of the first administrator")
        parser.add_argument("--name", required=True, help="name of the first administrator")

    def handle(self, *, email: str, name: str, **_options: Any) -> None:
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError(f"{email} is no e-mail address.") from error
        if not name.strip():
            raise CommandError("Say the name of the administrator: --name.")
        call_command("migrate", interactive=False, verbosity=0, skip_checks=False)
        call_command("catalogs", "--compile", verbosity=0)
        others = Assignment.objects.current().filter(role=Role.ADMIN, school=None).exclude(user__email=email.lower())
        if others.exists():
            raise CommandError("This portal has an administrator already, who appoints the others under Colleagues.")
        with transaction.atomic():
            for load in (load_vocabulary, load_methods, load_templates, load_planner, keep_versions):
                load()
            services.lay_coming_years(with_holidays=settings.FLEMISH_HOLIDAYS)
            user = self._administrator(email, name)
            row = invite(user=user, by=user)
        self.stdout.write(f"{user.full_name} opens this link within 14 days; it leaves by mail too:\n{link_of(row)}")
        self.stdout.write("Then come CLB centres, schools and the project under Places, and people under Colleagues.")

    def _administrator(self, email: str, name: str) -> User:
        user = User.objects.filter(email=email.lower()).first()
        if user is None:
            user = User.objects.create_user(email, None, full_name=" ".join(name.split()))
        if user.has_usable_password():
            raise CommandError(f"{user.email} has an account with a password already: sign in with it.")
        Assignment.objects.get_or_create(
            user=user, role=Role.ADMIN, school=None, ends_on=None, defaults={"starts_on": clock.today()}
        )
        return user
