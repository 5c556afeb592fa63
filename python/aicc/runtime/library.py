"""The native runtime, libaicc_rt: found, loaded once, and its functions listed by address.

Compiled code calls the library by address, not by name: `symbols()` gives the pairs to register
with the execution engine. The process's own symbol table is never asked, because an OpenMP library
loaded by someone else (torch brings one) exports the same names.

An installed aicc carries the library beside this module. In a source checkout, point
`AICC_RT_LIBRARY` at a build of it (`cmake -B build && cmake --build build`).
"""

from __future__ import annotations

import contextlib
import ctypes
import functools
import os
from collections.abc import Iterator
from pathlib import Path

import aicc.runtime
from aicc.diagnostics import TargetError

INTERFACE_VERSION = 1
_FILE_NAME = "libaicc_rt.so"


def _installed_path() -> Path:
    """Where an install put the library; beside this module unless the install is editable."""
    for folder in aicc.runtime.__path__:
        path = Path(folder, _FILE_NAME)
        if path.is_file():
            return path
    return Path(__file__).with_name(_FILE_NAME)


def library_path() -> Path:
    """The library's file: `$AICC_RT_LIBRARY`, else the installed one."""
    chosen = os.environ.get("AICC_RT_LIBRARY")
    path = Path(chosen) if chosen else _installed_path()
    if path.is_file():
        return path
    reason = "AICC_RT_LIBRARY names no file" if chosen else "this aicc was not installed"
    raise TargetError(
        f"the native runtime {path} is missing: {reason}\n"
        "next step: pip install aicc, or build runtime/ with cmake and set AICC_RT_LIBRARY"
    )


@functools.cache
def load() -> ctypes.CDLL:
    """The loaded library, its functions typed. Raises TargetError when it cannot be used."""
    path = library_path()
    try:
        library = ctypes.CDLL(str(path))
    except OSError as error:
        raise TargetError(f"the native runtime cannot be loaded: {error}") from error
    for name in ("version", "default_threads", "threads"):
        function = getattr(library, f"aicc_rt_{name}")
        function.argtypes, function.restype = [], ctypes.c_int32
    library.aicc_rt_set_threads.argtypes = [ctypes.c_int32]
    library.aicc_rt_set_threads.restype = ctypes.c_int32
    for name in ("begin_run", "end_run"):
        function = getattr(library, f"aicc_rt_{name}")
        function.argtypes, function.restype = [], None
    library.aicc_rt_symbol.argtypes = [
        ctypes.c_int32,
        ctypes.POINTER(ctypes.c_char_p),
        ctypes.POINTER(ctypes.c_void_p),
    ]
    library.aicc_rt_symbol.restype = ctypes.c_int32
    version = library.aicc_rt_version()
    if version != INTERFACE_VERSION:
        raise TargetError(
            f"the native runtime {path} has interface {version}, not {INTERFACE_VERSION}\n"
            "next step: install aicc again, or rebuild the library of this checkout"
        )
    return library


@functools.cache
def _symbol_table() -> tuple[tuple[str, int], ...]:
    name, address = ctypes.c_char_p(), ctypes.c_void_p()
    table: list[tuple[str, int]] = []
    while load().aicc_rt_symbol(len(table), ctypes.byref(name), ctypes.byref(address)):
        table.append(((name.value or b"").decode(), address.value or 0))
    return tuple(table)


def symbols() -> dict[str, int]:
    """Name -> address of every function compiled code may call, for `raw_register_runtime`."""
    return dict(_symbol_table())


def set_threads(count: int | None) -> int:
    """Size the pool, the calling thread included; None: the default. Returns the size in effect.

    The pool is one per process. Regions that other threads are in are waited for.
    """
    if count is not None and count < 1:
        raise TargetError(f"threads must be at least 1, got {count}")
    size: int = load().aicc_rt_set_threads(default_threads() if count is None else count)
    return size


def threads() -> int:
    """The pool's size: what was set, or else the default."""
    size: int = load().aicc_rt_threads()
    return size


def default_threads() -> int:
    """`AICC_THREADS`, else the cores this process may use by affinity and by cgroup CPU quota."""
    chosen = os.environ.get("AICC_THREADS", "")
    if chosen and (not chosen.isdecimal() or int(chosen) < 1):
        raise TargetError(f"AICC_THREADS must be a positive number, got {chosen!r}")
    count: int = load().aicc_rt_default_threads()
    return count


@contextlib.contextmanager
def parallel_run(count: int) -> Iterator[None]:
    """Bracket one call of compiled code: its workers may spin between regions, then sleep.

    The process's pool only grows: parallel regions name how many threads of it they want.
    """
    if count == 1:
        yield
        return
    if threads() < count:
        set_threads(count)
    load().aicc_rt_begin_run()
    try:
        yield
    finally:
        load().aicc_rt_end_run()
