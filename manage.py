#!/usr/bin/env python
"""The portal's commands, on the command line. What an operator can mend is said in a sentence; ``--traceback`` shows
where it came from."""

import errno
import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import DatabaseError, OperationalError, ProgrammingError, connection
from django.db.migrations.exceptions import MigrationSchemaMissing

from schools.takesnothing import takes_nothing

#: PostgreSQL's insufficient_privilege, and its invalid_schema_name where even looking into the schema is refused.
_NOT_OURS = ("42501", "3F000")
#: What an operator mends, and how.
_ROOM, _RIGHTS = "Make room there.", "Let it belong to the account that runs the portal."
_OF_THE_MACHINE = dict.fromkeys((errno.ENOSPC, errno.EDQUOT), _ROOM) | dict.fromkeys(
    (errno.EROFS, errno.EACCES, errno.EPERM), _RIGHTS
)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ingroeibloei.settings")
    try:
        execute_from_command_line(sys.argv)
    except (KeyboardInterrupt, ImproperlyConfigured, DatabaseError, OSError) as error:
        if "--traceback" not in sys.argv:
            _say_in_a_sentence(error)
        raise


def _say_in_a_sentence(error: BaseException) -> None:
    """Ends here when an operator can mend it; what went wrong within keeps its traceback."""
    if isinstance(error, KeyboardInterrupt):
        sys.exit("Stopped. The same command goes on, or begins anew.")
    if isinstance(error, ImproperlyConfigured):
        sys.exit(f"The settings are not right. {error}")
    refused = error.__context__ if isinstance(error, MigrationSchemaMissing) else error
    if isinstance(error, OperationalError) or takes_nothing(refused):
        _say_what_the_database_lacks()
    if isinstance(error, (ProgrammingError, MigrationSchemaMissing)):
        _say_whose_the_database_is(refused)
    if isinstance(error, OSError) and error.errno in _OF_THE_MACHINE:
        place = f" ({error.filename})" if error.filename else ""
        sys.exit(f"{error.strerror}{place}. {_OF_THE_MACHINE[error.errno]}")


def _say_what_the_database_lacks() -> None:
    """Ends here when there is no way to the database, or no room in it."""
    from ingroeibloei.operating import room

    try:
        connection.close()
        room.ask_for_room()
    except room.NoRoom:
        sys.exit("The disk of the database is full: nothing can be saved any more. Make room now.")
    except room.ReadOnly:
        sys.exit(
            "The database may only be read. It follows another server, to which DATABASE_URL must lead "
            "(target_session_attrs=read-write), or whoever keeps it closed it."
        )
    except OperationalError as error:
        words = (str(error).splitlines() or [""])[0]
        sys.exit(
            f"The database does not answer. See whether it runs and whether DATABASE_URL is right. It says: {words}"
        )


def _say_whose_the_database_is(refused: BaseException | None) -> None:
    """Ends here when the database, or what is in it, belongs to somebody else."""
    if getattr(refused and refused.__cause__, "pgcode", "") in _NOT_OURS:
        words = (str(refused).splitlines() or [""])[0]
        sys.exit(
            "The database refuses it: it and all its tables must belong to the role of DATABASE_URL "
            f"(ALTER DATABASE … OWNER TO …). It says: {words}"
        )


if __name__ == "__main__":
    main()
