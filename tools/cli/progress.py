"""Progress of long work on stderr, shown on terminals only."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def progress(work: str) -> Iterator[Callable[[str], None]]:
    """Gives the callback that takes the name of each phase as it begins."""
    if not sys.stderr.isatty():
        yield lambda phase: None
        return
    from rich.console import Console
    from rich.markup import escape

    with Console(stderr=True).status(escape(work)) as status:
        yield lambda phase: status.update(f"{escape(work)}: {escape(phase)}")
