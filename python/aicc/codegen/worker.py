"""One compile worker as its parent sees it: a subprocess, what it was asked, what it said."""

from __future__ import annotations

import contextlib
import fcntl
import os
import subprocess
import sys
import tempfile
from collections import deque
from pathlib import Path

import aicc
from aicc.compile_worker import HEADER, READY, UNIT, frame

COMMAND = ("-m", "aicc.compile_worker")
_PIPE_BYTES = 1 << 20  # several units and objects fit, so that neither side waits for the other
_ERROR_BYTES = 2000


class Worker:
    """Starts at once; its pipes never block. Raises OSError if it cannot be started."""

    def __init__(self) -> None:
        self._errors = tempfile.TemporaryFile()
        self._process = subprocess.Popen(
            [sys.executable, *COMMAND],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            bufsize=0,
            env=_environment(),
            cwd=Path(aicc.__file__).parent.parent,
        )
        assert self._process.stdin and self._process.stdout
        self.requests = self._process.stdin.fileno()
        self.answers = self._process.stdout.fileno()
        for pipe in (self.requests, self.answers):
            os.set_blocking(pipe, False)
            with contextlib.suppress(OSError, AttributeError):  # Python 3.10 on Linux at the least
                fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
        self.ready = False
        self.asked: deque[int] = deque()  # numbers of the units it has not answered, in order
        self.asked_bytes = 0
        self.only: int | None = None  # the one unit this worker is for
        self._sizes: deque[int] = deque()
        self._out, self._in = bytearray(), bytearray()

    def ask(self, number: int, text: str) -> None:
        """Send a unit."""
        message = frame(UNIT, text.encode())
        self.asked.append(number)
        self._sizes.append(len(message))
        self.asked_bytes += len(message)
        self._out += message
        self.send()

    @property
    def has_to_send(self) -> bool:
        """Whether a part of a request is still here."""
        return bool(self._out)

    def send(self) -> None:
        """Write as much as the pipe takes; a broken pipe shows when answers are read."""
        with contextlib.suppress(BlockingIOError, BrokenPipeError):
            while self._out:
                sent = os.write(self.requests, self._out)
                del self._out[:sent]

    def receive(self) -> list[tuple[int, bytes, bytes]] | None:
        """What was answered: (number of the unit, kind, contents); None once it has ended."""
        ended = False
        with contextlib.suppress(BlockingIOError):
            while data := os.read(self.answers, _PIPE_BYTES):
                self._in += data
            ended = True
        found = []
        while (message := self._take()) is not None:
            kind, contents = message
            if kind == READY:
                self.ready = True
                continue
            self.asked_bytes -= self._sizes.popleft()
            found.append((self.asked.popleft(), kind, contents))
        return None if ended and not found else found

    def _take(self) -> tuple[bytes, bytes] | None:
        if len(self._in) < HEADER.size:
            return None
        kind, length = HEADER.unpack_from(self._in)
        if len(self._in) < HEADER.size + length:
            return None
        contents = bytes(self._in[HEADER.size : HEADER.size + length])
        del self._in[: HEADER.size + length]
        return kind, contents

    def errors(self) -> str:
        """How it ended, and the end of what it wrote to stderr."""
        status = self._process.wait()
        self._errors.seek(0, os.SEEK_END)
        self._errors.seek(max(0, self._errors.tell() - _ERROR_BYTES))
        text = self._errors.read().decode(errors="replace").strip()
        how = f"signal {-status}" if status < 0 else f"exit code {status}"
        return f"{how}\n{text}" if text else how

    def end(self) -> None:
        """End it, whatever it is doing."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._errors):
            if stream is not None:
                stream.close()


def can_start() -> bool:
    """Whether this process runs in a Python that can be started again."""
    return "python" in os.path.basename(sys.executable or "").lower()


def _environment() -> dict[str, str]:
    """Modules are found as they are here; reproducers are the parent's business."""
    kept = {name: value for name, value in os.environ.items() if name != "AICC_DUMP"}
    path = os.pathsep.join(os.path.abspath(entry) for entry in sys.path)
    return {**kept, "PYTHONPATH": path, "PYTHONSAFEPATH": "1"}
