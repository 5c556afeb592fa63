"""The native runtime, libaicc_rt: found, loaded once, and its functions listed by address.

Compiled code calls the library by address, not by name: its loader has a table of what may be
called, which `symbols()` lists. The process's own symbol table is never asked, because an OpenMP
library loaded by someone else (torch brings one) exports the same names.

An installed aicc carries the library beside this module. In a source checkout, point
`AICC_RT_LIBRARY` at a build of it (`cmake -B build && cmake --build build`).
"""

from __future__ import annotations

import ctypes
import functools
import os
from collections.abc import Callable
from typing import Any

import aicc.runtime
from aicc import settings
from aicc.diagnostics import TargetError

INTERFACE_VERSION = 2
_FILE_NAME = "libaicc_rt.so"
_TEXT, _POINTER = ctypes.c_char_p, ctypes.c_void_p

# function -> (result, parameters), as in runtime/aicc_rt.h, aicc.h and checksums.h
_PROTOTYPES: dict[str, tuple[Any, list[Any]]] = {
    "aicc_rt_version": (ctypes.c_int32, []),
    "aicc_rt_default_threads": (ctypes.c_int32, []),
    "aicc_rt_threads": (ctypes.c_int32, []),
    "aicc_rt_set_threads": (ctypes.c_int32, [ctypes.c_int32]),
    "aicc_rt_begin_run": (None, []),
    "aicc_rt_end_run": (None, []),
    "aicc_rt_symbol": (
        ctypes.c_int32,
        [ctypes.c_int32, ctypes.POINTER(_TEXT), ctypes.POINTER(_POINTER)],
    ),
    "aicc_code_load": (
        _POINTER,
        [_POINTER, ctypes.c_int32, _TEXT, ctypes.c_size_t],
    ),
    "aicc_code_symbol": (_POINTER, [_POINTER, _TEXT]),
    "aicc_code_free": (None, [_POINTER]),
    "aicc_rt_sha256": (None, [_POINTER, ctypes.c_size_t, _POINTER]),
    "aicc_rt_crc32c": (None, [_POINTER, ctypes.c_size_t, _POINTER]),
    "aicc_load": (ctypes.c_int, [_TEXT, _POINTER, _TEXT, ctypes.c_size_t]),
    "aicc_free": (None, [_POINTER]),
    "aicc_model_table": (_POINTER, [_POINTER, _POINTER]),
    "aicc_model_code": (_POINTER, [_POINTER, _POINTER]),
    "aicc_model_weights": (_POINTER, [_POINTER, _POINTER]),
    "aicc_model_entry": (_POINTER, [_POINTER, ctypes.c_int32]),
}


def _installed_path() -> str:
    """Where an install put the library; beside this module unless the install is editable."""
    for folder in aicc.runtime.__path__:
        path = os.path.join(folder, _FILE_NAME)
        if os.path.isfile(path):
            return path
    return os.path.join(os.path.dirname(__file__), _FILE_NAME)


def library_path() -> str:
    """The library's file: `$AICC_RT_LIBRARY`, else the installed one; aicc.h lies beside that.

    (Not a pathlib.Path: to import pathlib takes a quarter of the time of loading an artefact.)
    """
    chosen = settings.read("AICC_RT_LIBRARY")
    path = chosen or _installed_path()
    if os.path.isfile(path):
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
        library = ctypes.CDLL(os.path.abspath(path))
    except OSError as error:
        raise TargetError(f"the native runtime cannot be loaded: {error}") from error
    for name, (result, parameters) in _PROTOTYPES.items():
        function = getattr(library, name, None)
        if function is not None:  # an older library is refused by its version, below
            function.restype, function.argtypes = result, parameters
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
    """Name -> address of every function compiled code may call."""
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
    chosen = settings.read("AICC_THREADS")
    if chosen and (not chosen.isdecimal() or int(chosen) < 1):
        raise TargetError(f"AICC_THREADS must be a positive number, got {chosen!r}")
    count: int = load().aicc_rt_default_threads()
    return count


def on_threads(call: Callable[[int], None], count: int) -> Callable[[int], None]:
    """`call` of compiled code, bracketed: its workers may spin between regions, then sleep.

    The process's pool only grows: parallel regions name how many threads of it they want.
    """
    if count == 1:
        return call
    native = load()
    size, begin, end = native.aicc_rt_threads, native.aicc_rt_begin_run, native.aicc_rt_end_run

    def bracketed(address: int) -> None:
        if size() < count:
            set_threads(count)
        begin()
        try:
            call(address)
        finally:
            end()

    return bracketed
