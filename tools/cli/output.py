"""Writing results: to a file, or to stdout."""

from __future__ import annotations

import sys

from aicc.diagnostics import InvalidModel


def write(path: str, data: str | bytes) -> None:
    """Write text or bytes to the file `path`, `-` for stdout. Raises InvalidModel if it cannot."""
    if isinstance(data, str):
        data = (data if data.endswith("\n") else f"{data}\n").encode()
    if path == "-":
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    try:
        with open(path, "wb") as file:
            file.write(data)
    except OSError as error:
        raise InvalidModel(f"cannot write '{path}': {error.strerror}") from error
