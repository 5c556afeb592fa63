"""Keeping what is mapped from files out of memory once it was read.

Why: weights are packed from a mapping of the model's file into memory of our own. Pages that were
read stay in the process until memory is short, so that all weights would be there twice in the end.
The system is told every few hundredths of a second that the pages are not needed; one that is read
again comes back from the system's cache of the file.
"""

from __future__ import annotations

import contextlib
import mmap
import os
import threading
import weakref
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from .addresses import address_of
from .alignment import aligned_empty

Array = np.ndarray[Any, Any]
# In which some thirty megabytes are read: by packing, and by what only looks at them.
PACKING_SECONDS, READING_SECONDS = 0.015, 0.002
LEAST_BYTES = 1 << 20
CHUNK_BYTES = 8 << 20
_copies: weakref.WeakValueDictionary[Any, Array] = weakref.WeakValueDictionary()


def mapping_of(array: Array) -> mmap.mmap | None:
    """The file mapping that an array looks at, if dropping its pages loses nothing."""
    base: Any = array
    while isinstance(base, np.ndarray):
        if base.flags.writeable:
            return None  # it may be a private copy of the file's pages
        base = base.base
    if isinstance(base, memoryview):
        base = base.obj
    return base if isinstance(base, mmap.mmap) else None


@contextlib.contextmanager
def giving_back(arrays: Iterable[Array], period: float = PACKING_SECONDS) -> Iterator[None]:
    """While the body runs, pages of those arrays that are mapped files do not pile up.

    `period`: seconds between two rounds.
    """
    found = {id(m): m for a in arrays if a.nbytes >= LEAST_BYTES and (m := mapping_of(a))}
    if not found:
        yield
        return
    is_done = threading.Event()

    def give_back() -> None:
        while not is_done.wait(period):
            _drop(found.values())

    thread = threading.Thread(target=give_back, name="aicc-giving-back", daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_done.set()
        thread.join()
        _drop(found.values())


def _drop(mappings: Iterable[mmap.mmap]) -> None:
    for mapping in mappings:
        mapping.madvise(mmap.MADV_DONTNEED)


def in_memory(array: Array) -> Array:
    """A copy of an array that is mapped from a file, which may be cut off later; others as is.

    Programs that use the same unchanged part of a file share the copy.
    """
    mapping = mapping_of(array)
    is_known = hasattr(mapping, "file_state") or isinstance(array, np.memmap)
    if mapping is None or not is_known or not array.flags.c_contiguous:
        return array
    key = _origin(array, mapping)
    copy = _copies.get(key)
    if copy is None:
        copy = _copies[key] = _copied(array, mapping)
    return copy


def _origin(array: Any, mapping: mmap.mmap) -> tuple[Any, ...]:
    if (known := getattr(mapping, "file_state", None)) is not None:
        start = address_of(np.frombuffer(mapping, np.uint8))
        return (*known, address_of(array) - start, array.dtype, array.shape)
    state = os.stat(array.filename)
    place = (state.st_dev, state.st_ino, state.st_mtime_ns, state.st_size, array.offset)
    return (*place, array.dtype, array.shape)


def _copied(array: Array, mapping: mmap.mmap) -> Array:
    copy = aligned_empty(array.shape, array.dtype)
    source, target = array.reshape(-1).view(np.uint8), copy.reshape(-1).view(np.uint8)
    for start in range(0, source.size, CHUNK_BYTES):
        target[start : start + CHUNK_BYTES] = source[start : start + CHUNK_BYTES]
        if source.size >= LEAST_BYTES:
            _drop([mapping])
    copy.flags.writeable = False
    return copy
