"""Sets one document and ends: the program behind ``schools.typeset``.

It reads a JSON request from standard input and writes the PDF to standard output, or where pictures are asked a JSON
list of PNG files in base64, one for each page; an error goes to standard error with exit status 1. A process of its
own, because the typesetter keeps what it laid out in the last ten documents (1 GB for 1,000 letters) and has no way to
let it go.
"""

from __future__ import annotations

import base64
import json
import sys
from typing import Any

import typst


def main() -> int:
    """Read the request, compile, and say how it went (0 done, 1 not)."""
    request = json.load(sys.stdin.buffer)
    try:
        made = _pictures(request) if request["pictures"] else _compile(request, pdf_standards=_standards(request))
    except typst.TypstError as error:
        print(error, file=sys.stderr)
        return 1
    sys.stdout.buffer.write(made)
    return 0


def _compile(request: dict[str, Any], **how: Any) -> Any:
    return typst.compile(
        request["source"],
        root=request["root"],
        font_paths=[request["fonts"]],
        ignore_system_fonts=True,
        sys_inputs={"content": request["content"]},
        **how,
    )


def _standards(request: dict[str, Any]) -> list[str]:
    return [request["standard"]] if request["standard"] else []


def _pictures(request: dict[str, Any]) -> bytes:
    pages = _compile(request, format="png", ppi=request["pictures"])
    pages = pages if isinstance(pages, list) else [pages]
    return json.dumps([base64.b64encode(page).decode() for page in pages]).encode()


if __name__ == "__main__":
    sys.exit(main())
