"""What takes long to fill in, and is not kept while it is filled in, outlives the session of who does."""

from __future__ import annotations

import pytest
from django.template.loader import get_template

LONG = (
    "parents/_host_attendance.html",
    "parents/class_evening.html",
    "parents/conference_new.html",
    "parents/gathering_attendance.html",
    "parents/gathering_edit.html",
    "parents/gathering_new.html",
    "parents/pupil_new.html",
    "reports/measurement_paper.html",
    "reports/scan_new.html",
    "schools/post_review.html",
    "schools/rollover.html",
)


@pytest.mark.parametrize("name", LONG)
def test_a_long_form_leaves_only_while_its_writer_is_signed_in(name: str) -> None:
    """Twenty families marked after an evening, or a school's next year, went with the page to sign in."""
    assert "data-while-signed-in" in get_template(name).template.source  # type: ignore[attr-defined]
