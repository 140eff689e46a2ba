#!/usr/bin/env python
"""The portal's commands, on the command line. What an operator can mend is said in a sentence; ``--traceback`` shows
where it came from."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import OperationalError, connection


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
        _say_that_nobody_answers()
        raise


def _say_that_nobody_answers() -> None:
    """Ends here when there is no way to the database at all; what went wrong within it keeps its traceback."""
    try:
        connection.close()
        connection.ensure_connection()
    except OperationalError as error:
        words = (str(error).splitlines() or [""])[0]
        sys.exit(
            f"The database does not answer. See whether it runs and whether DATABASE_URL is right. It says: {words}"
        )


if __name__ == "__main__":
    main()
