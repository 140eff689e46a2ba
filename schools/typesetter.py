"""Sets one document and ends: the program behind ``schools.typeset``.

It reads a JSON request from standard input and writes the PDF to standard output; an error goes to standard error with
exit status 1. A process of its own, because the typesetter keeps what it laid out in the last ten documents (1 GB for
1,000 letters) and has no way to let it go.
"""

from __future__ import annotations

import json
import sys

import typst


def main() -> int:
    """Read the request, compile, and say how it went (0 done, 1 not)."""
    request = json.load(sys.stdin.buffer)
    try:
        pdf = typst.compile(
            request["source"],
            root=request["root"],
            font_paths=[request["fonts"]],
            ignore_system_fonts=True,
            sys_inputs={"content": request["content"]},
            pdf_standards=[request["standard"]] if request["standard"] else [],
        )
    except typst.TypstError as error:
        print(error, file=sys.stderr)
        return 1
    sys.stdout.buffer.write(pdf)
    return 0


if __name__ == "__main__":
    sys.exit(main())
