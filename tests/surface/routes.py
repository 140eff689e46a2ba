"""Who may what: one row for each named route. ``test_access.py`` walks it and fails for a route without a row.

A row names who gets in (200, or 302/422 for a form). Everybody else on a staff route gets 404 when the role could open
the page but not this row, 403 when the role cannot, and the sign-in page without an account.
"""

from __future__ import annotations

from tests.surface.roles import Route
from tests.surface.routes_of_messaging import MESSAGING
from tests.surface.routes_of_parents import PARENTS
from tests.surface.routes_of_reports import REPORTS
from tests.surface.routes_of_schools import SCHOOLS

STAFF: dict[str, Route] = {**PARENTS, **MESSAGING, **REPORTS, **SCHOOLS}
