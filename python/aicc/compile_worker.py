"""`python -m aicc.compile_worker`: compiles units for another aicc process, over its pipes.

Started by `aicc.codegen.workers`, never by hand. It imports the compiler, says that it is ready,
then answers each request (the text of a unit) with an object or a message, in order. It ends with
its input: when the parent closes the pipe, or dies.

    frame = kind (1 byte), length (8 bytes, little endian), contents
"""

from __future__ import annotations

import os
import signal
import struct
import sys
from typing import Any, BinaryIO

READY, OBJECT, ERROR, UNIT = b"r", b"o", b"e", b"u"
HEADER = struct.Struct("<cQ")


def frame(kind: bytes, contents: bytes = b"") -> bytes:
    """One message."""
    return HEADER.pack(kind, len(contents)) + contents


def _next_unit(stream: BinaryIO) -> str | None:
    """The next unit's text; None at the end of the input."""
    header = stream.read(HEADER.size)
    if len(header) < HEADER.size:
        return None
    length = HEADER.unpack(header)[1]
    contents = stream.read(length)
    return contents.decode() if len(contents) == length else None


def main() -> None:
    """Serve until the input ends."""
    # Whatever prints must not print into the answers.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends us when it is interrupted

    from aicc._mlir import context, ir
    from aicc.codegen.emit import Emitter

    try:
        with context(), ir.Location.unknown():
            emitter = Emitter()
            emitter.warm_up()
            _answer(answers, frame(READY))
            while (text := _next_unit(sys.stdin.buffer)) is not None:
                _answer(answers, _compiled(emitter, text))
    except BrokenPipeError:
        pass  # the parent is gone
    os._exit(0)  # tearing down the bindings takes 50 ms


def _compiled(emitter: Any, text: str) -> bytes:
    try:
        return frame(OBJECT, emitter.object_of(text))
    except Exception as error:
        return frame(ERROR, str(error).encode())


def _answer(stream: BinaryIO, message: bytes) -> None:
    stream.write(message)
    stream.flush()


if __name__ == "__main__":
    main()
