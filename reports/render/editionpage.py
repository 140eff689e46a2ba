"""An edition as one page of the website, laid out when it is frozen and never again."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import override

from reports.render.page import html_of
from reports.richtext import blocks_of_text


def edition_html(content: dict[str, Any], language: str) -> str:
    """The part of the page between head and foot, from what was frozen alone."""
    with override(language):
        how = html_of(blocks_of_text(content["how_to_use"]))
        return render_to_string("reports/_edition.html", {"content": content, "how_to_use": how})
