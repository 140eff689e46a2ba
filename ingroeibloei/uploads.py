"""Uploads are bounded before they fill memory or disk, whoever sends them and to whichever page."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopUpload


class BoundedUpload(FileUploadHandler):
    """The first handler of every upload: a file larger than settings.UPLOAD_FILE_BYTES is read to its end and thrown
    away, of a request larger than settings.UPLOAD_REQUEST_BYTES nothing more is read. The request then says
    ``is_upload_too_big``, for a page that wants to say why its file is missing. A view that takes larger files says so
    with ``upload_bytes``."""

    def handle_raw_input(
        self, input_data: Any, META: dict[str, str], content_length: int, boundary: str, encoding: str | None = None
    ) -> None:
        match = getattr(self.request, "resolver_match", None)
        self._most: int = getattr(match and match.func, "upload_bytes", settings.UPLOAD_FILE_BYTES)
        self._stops = content_length > max(settings.UPLOAD_REQUEST_BYTES, self._most + settings.UPLOAD_FILE_BYTES)

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        if self._stops:
            self._say()
            raise StopUpload(connection_reset=True)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        if start + len(raw_data) > self._most:
            self._say()
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The handlers behind this one keep the file."""

    def _say(self) -> None:
        if self.request is not None:
            self.request.is_upload_too_big = True  # type: ignore[attr-defined]
