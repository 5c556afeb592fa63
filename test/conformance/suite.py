"""Runs onnx's own backend tests on aicc in forked workers, so that a crash costs one test only."""

from __future__ import annotations

import multiprocessing
import os
import re
import unittest
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from record import Use, uses_of

HERE = Path(__file__).parent
SHARE = 4  # the default run takes every fourth test, chosen by a hash of its name


@dataclass(frozen=True)
class Outcome:
    """What became of a test: "passed", "crashed", or the name of the exception, and its text."""

    status: str
    text: str = ""
    is_refusal: bool = False
    is_folded: bool = False
    has_host_steps: bool = False
    uses: tuple[Use, ...] = ()


class _Noting:
    """The backend, with the executable of the latest `prepare` kept for inspection."""

    def __init__(self, backend: Any) -> None:
        self.backend = backend
        self.executable: Any = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.backend, name)

    def prepare(self, *args: Any, **kwargs: Any) -> Any:
        rep = self.backend.prepare(*args, threads=1, **kwargs)
        self.executable = rep.executable
        return rep

    def outcome(self, item: Any) -> Outcome:
        """What becomes of a test in this process."""
        return run_one(item, self)


def load_tests(backend: Any) -> dict[str, Any]:
    """`Category/test_name` -> test item, those for the CPU."""
    from onnx.backend.test.runner import Runner

    return {
        f"{category}/{name.removesuffix('_cpu')}": item
        for category, items in Runner(backend, None)._test_items.items()
        for name, item in items.items()
        if name.endswith("_cpu")
    }


def read_names(path: Path) -> dict[str, str]:
    """Test name -> the rest of its line; `#` starts a comment."""
    rows = (line.split("#")[0].strip() for line in path.read_text().splitlines())
    return {r.split(maxsplit=1)[0]: r.partition(" ")[2].strip() for r in rows if r}


def chosen(
    names: Sequence[str], share: int = SHARE, all_if: Sequence[str] = ("full", "all")
) -> list[str]:
    """All names where AICC_CONFORMANCE is in `all_if`, else a sample of them: one in `share`."""
    if os.environ.get("AICC_CONFORMANCE") in all_if:
        return sorted(names)
    return sorted(n for n in names if zlib.crc32(n.encode()) % share == 0)


def is_folded(executable: Any) -> bool:
    """True if nothing is left to compute at run time: every op is a constant."""
    ops = re.findall(r'"graph\.(\w+)"', executable.ir("graph"))
    return all(op in ("constant", "yield") for op in ops)


def run_one(item: Any, backend: _Noting) -> Outcome:
    """Run one test in this process."""
    from aicc.diagnostics import AiccError

    class Case(unittest.TestCase):
        def runTest(self) -> None:  # noqa: N802 (unittest's name)
            item.func(self)

    backend.executable = None
    try:
        item.func(Case())
    except BaseException as e:
        refusal = isinstance(e, AiccError) and isinstance(e, NotImplementedError)
        return Outcome(type(e).__name__, str(e), refusal)
    in_steps = bool(getattr(backend.executable, "host_steps", ()))
    return Outcome(
        "passed",
        is_folded=not in_steps and is_folded(backend.executable),
        has_host_steps=in_steps,
        uses=uses_of(item.proto[0]),
    )


def _worker(connection: Connection, tests: dict[str, Any], backend: Any) -> None:
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 2)
    while True:
        name = connection.recv()
        if name is None:
            return
        connection.send(backend.outcome(tests[name]))


class Workers:
    """A pool of forked processes; one that dies is replaced."""

    def __init__(self, count: int, wrapped: Callable[[Any], Any] = _Noting) -> None:
        import aicc.onnx_backend

        self.backend = wrapped(aicc.onnx_backend)
        self.tests = load_tests(self.backend)
        self.context = multiprocessing.get_context("fork")
        self.count = count
        self.busy: dict[Connection, tuple[Any, str]] = {}

    def _start(self) -> tuple[Connection, Any]:
        ours, theirs = self.context.Pipe()
        process = self.context.Process(
            target=_worker, args=(theirs, self.tests, self.backend), daemon=True
        )
        process.start()
        theirs.close()
        return ours, process

    def run(self, names: Sequence[str]) -> Iterator[tuple[str, Outcome]]:
        """(name, outcome) of every test, in the order in which they end."""
        waiting = list(reversed(names))
        for _ in range(min(self.count, len(names))):
            self._give(*self._start(), waiting)
        while self.busy:
            for connection in wait(list(self.busy)):
                process, name = self.busy.pop(connection)
                try:
                    yield name, connection.recv()
                except EOFError:
                    process.join()
                    yield name, Outcome("crashed", f"exit code {process.exitcode}")
                    if waiting:
                        connection, process = self._start()
                self._give(connection, process, waiting)

    def _give(self, connection: Connection, process: Any, waiting: list[str]) -> None:
        """The next test to a worker, or its end."""
        if waiting:
            name = waiting.pop()
            connection.send(name)
            self.busy[connection] = process, name
        elif process.is_alive():
            connection.send(None)
            process.join()
