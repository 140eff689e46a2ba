#!/usr/bin/env python
"""The portal's commands, on the command line. What an operator can mend is said in a sentence; ``--traceback`` shows
where it came from."""

import errno
import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import OperationalError, connection

#: What an operator mends, and how.
_ROOM, _RIGHTS = "Make room there.", "Let it belong to the account that runs the portal."
_OF_THE_MACHINE = dict.fromkeys((errno.ENOSPC, errno.EDQUOT), _ROOM) | dict.fromkeys(
    (errno.EROFS, errno.EACCES, errno.EPERM), _RIGHTS
)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ingroeibloei.settings")
    try:
        execute_from_command_line(sys.argv)
    except KeyboardInterrupt:
        if "--traceback" in sys.argv:
            raise
        sys.exit("Stopped. The same command goes on, or begins anew.")
    except ImproperlyConfigured as error:
        if "--traceback" in sys.argv:
            raise
        sys.exit(f"The settings are not right. {error}")
    except OperationalError:
        if "--traceback" in sys.argv:
            raise
        _say_what_the_database_lacks()
        raise
    except OSError as error:
        if "--traceback" in sys.argv or error.errno not in _OF_THE_MACHINE:
            raise
        place = f" ({error.filename})" if error.filename else ""
        sys.exit(f"{error.strerror}{place}. {_OF_THE_MACHINE[error.errno]}")


def _say_what_the_database_lacks() -> None:
    """Ends here when there is no way to the database, or no room in it; what went wrong within keeps its traceback."""
    from ingroeibloei.operating import room

    try:
        connection.close()
        room.ask_for_room()
    except room.NoRoom:
        sys.exit("The disk of the database is full: nothing can be saved any more. Make room now.")
    except OperationalError as error:
        words = (str(error).splitlines() or [""])[0]
        sys.exit(
            f"The database does not answer. See whether it runs and whether DATABASE_URL is right. It says: {words}"
        )


if __name__ == "__main__":
    main()
