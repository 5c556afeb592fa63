"""Compiles units in several processes at once: this one, and workers beside it.

Why processes: the bindings hold the GIL while passes and LLVM run. Workers are started early, so
that they import MLIR while this process still lowers the model. They get units as they need them,
large ones first; which process compiles a unit does not change its object.

A worker that dies takes nothing along: its units are done elsewhere. The one it was working on is
tried in a fresh worker, alone; a unit that ends two of them is an error, and its text is saved.
"""

from __future__ import annotations

import os
import selectors
import tempfile
from collections import Counter, deque
from collections.abc import Callable, Sequence
from pathlib import Path

from aicc import settings
from aicc.codegen.worker import Worker, can_start
from aicc.compile_worker import ERROR
from aicc.diagnostics import LoweringError, TargetError
from aicc.runtime import library

MAX_WORKERS = 15
# How long to wait for a worker before its last unit is done here as well: on a busy machine the
# worker may not be running at all.
PATIENCE = 0.1
Compile = Callable[[str], bytes]


def jobs() -> int:
    """How many processes may compile, this one included: AICC_COMPILE_JOBS, else all cores."""
    chosen = settings.read("AICC_COMPILE_JOBS")
    if chosen and (not chosen.isdecimal() or int(chosen) < 1):
        raise TargetError(f"AICC_COMPILE_JOBS must be a positive number, got {chosen!r}")
    return int(chosen) if chosen else int(library.load().aicc_rt_default_threads())


class Workers:
    """A number of workers, for one compilation; ends them on exit."""

    def __init__(self, count: int) -> None:
        self._workers: list[Worker] = []
        self._texts: Sequence[str] = ()
        self._queue: deque[int] = deque()
        self._objects: dict[int, bytes] = {}
        self._killed: Counter[int] = Counter()
        for _ in range(min(count, MAX_WORKERS) if can_start() else 0):
            self._start(None)

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_: object) -> None:
        while self._workers:
            self._workers.pop().end()

    def wait_until_ready(self) -> None:
        """Wait for every worker to be ready, or gone; only tests need it."""
        while any(not worker.ready for worker in self._workers):
            self._listen(PATIENCE)

    def compile(self, texts: Sequence[str], compile_here: Compile) -> list[bytes]:
        """The objects of units, in their order. Raises LoweringError if one cannot be compiled."""
        self._texts = texts
        self._queue = deque(sorted(range(len(texts)), key=lambda i: (-len(texts[i]), i)))
        self._objects, self._killed = {}, Counter()
        has_waited = False
        while len(self._objects) < len(texts):
            self._hand_out()
            number = self._next(has_waited)
            if number is not None:
                self._objects[number] = compile_here(texts[number])
            is_done = len(self._objects) == len(texts)
            has_waited = self._listen(0 if self._queue or is_done else PATIENCE)
        return [self._objects[i] for i in range(len(texts))]

    def _next(self, has_waited: bool) -> int | None:
        """The unit to compile here: when all are handed out, the one a worker comes to last."""
        if self._queue:
            return self._queue.popleft()
        workers = [w for w in self._workers if w.only is None] if has_waited else []
        late = [n for w in workers for n in w.asked if n not in self._objects]
        return late[-1] if late else None

    def _start(self, only: int | None) -> bool:
        try:
            worker = Worker()
        except OSError:
            return False
        worker.only = only
        self._workers.append(worker)
        return True

    def _hand_out(self) -> None:
        """Keep every worker busy for longer than the next unit will take here."""
        for worker in self._workers:
            if worker.ready and worker.only is not None and not worker.asked:
                worker.ask(worker.only, self._texts[worker.only])
        hungry = [w for w in self._workers if w.ready and w.only is None]
        while hungry and self._queue:
            enough = 2 * len(self._texts[self._queue[0]])
            hungry = [w for w in hungry if len(w.asked) < 2 or w.asked_bytes < enough]
            for worker in hungry[: len(self._queue)]:
                number = self._queue.popleft()
                worker.ask(number, self._texts[number])

    def _listen(self, seconds: float) -> bool:
        """Move what the pipes take and give; True if nothing came for so long."""
        busy = [w for w in self._workers if w.asked or not w.ready]
        with selectors.DefaultSelector() as selector:
            for worker in busy:
                selector.register(worker.answers, selectors.EVENT_READ, worker)
                if worker.has_to_send:
                    selector.register(worker.requests, selectors.EVENT_WRITE, worker)
            events = selector.select(seconds)
        for key, event in events:
            if key.data not in self._workers:
                continue  # it has ended; this is its other pipe
            if event & selectors.EVENT_WRITE:
                key.data.send()
            else:
                self._take_answers(key.data)
        return not events

    def _take_answers(self, worker: Worker) -> None:
        answers = worker.receive()
        if answers is None:
            self._bury(worker)
            return
        for number, kind, contents in answers:
            if kind == ERROR:
                raise LoweringError(contents.decode())
            self._objects[number] = contents
            if worker.only == number:
                worker.only = None

    def _bury(self, worker: Worker) -> None:
        """Do a dead worker's units elsewhere."""
        self._workers.remove(worker)
        unanswered = list(worker.asked)
        if not unanswered and worker.only is not None:
            unanswered = [worker.only]  # it never came to it
        elif unanswered and self._is_safe(unanswered[0], worker):
            del unanswered[0]
        self._queue.extendleft(n for n in reversed(unanswered) if n not in self._objects)
        worker.end()

    def _is_safe(self, suspect: int, worker: Worker) -> bool:
        """Have the unit that a worker died of tried again by a fresh one; True if there is one."""
        self._killed[suspect] += 1
        if self._killed[suspect] == 2:
            place = _save(self._texts[suspect])
            raise LoweringError(
                f"compiling a unit ended two processes: {worker.errors()}\n"
                f"next step: report this as a defect of aicc, with the unit's text {place}"
            )
        return self._start(suspect)


def _save(text: str) -> Path:
    """Where the text of a unit now lies."""
    folder = settings.read("AICC_DUMP")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix="aicc-unit-", suffix=".mlir", dir=folder or None)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    return Path(name)
