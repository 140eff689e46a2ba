"""The door for WSGI servers."""

import os
from typing import Any

from django.core.exceptions import TooManyFieldsSent
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.core.wsgi import get_wsgi_application
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.http import parse_header_parameters

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ingroeibloei.settings")


class Utf8Request(WSGIRequest):
    """A request in UTF-8, as our pages send it, whatever letters its header names: some of Python's codecs are none of
    letters, and raise while Django makes the request, where no page can say so."""

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        try:
            self.content_type, self.content_params = parse_header_parameters(meta.get("CONTENT_TYPE", ""))
        except (LookupError, ValueError):
            self.content_type, self.content_params = "", {}

    @cached_property
    def GET(self) -> Any:  # type: ignore[override]
        """What stands in the address. With too many names it is refused once: the page that says so reads it too, for
        the addresses of its other languages, and finds nothing."""
        try:
            return super().GET
        except TooManyFieldsSent:
            self.__dict__["GET"] = QueryDict()
            raise


application: WSGIHandler = get_wsgi_application()
application.request_class = Utf8Request
