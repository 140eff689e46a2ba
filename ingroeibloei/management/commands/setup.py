"""``manage.py setup``: the first day of a new portal."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from ingroeibloei.beginning.code import code_file
from ingroeibloei.beginning.laying import HasPasswordError, begin_portal
from schools.invitations import link_of
from schools.models import Assignment, Role


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
        try:
            row = begin_portal(email=email, name=name)
        except HasPasswordError as error:
            raise CommandError(f"{error} has an account with a password already: sign in with it.") from error
        code_file().unlink(missing_ok=True)
        name = row.user.full_name
        self.stdout.write(f"{name} opens this link within 14 days; it leaves by mail too:\n{link_of(row)}")
        self.stdout.write("The portal then leads along its first steps: centres, schools, project, mail, heads.")
