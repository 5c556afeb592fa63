"""The disk cache: compiled objects and whole models, in one folder, bounded in size.

Where: `cache=` of the call, else `AICC_CACHE`, else the user's cache folder; "off" turns it off.
How much: `AICC_CACHE_SIZE` (default 2G); what was used longest ago goes first.

Any number of processes may use it at once, without locks: an entry is written to a file of its own
and renamed into place, and the same key always stands for the same contents. Entries carry their
checksum; a damaged one is removed, and made again. A folder that cannot be written, or a full disk,
costs speed and one warning.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import logging
import os
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from aicc import settings
from aicc.diagnostics import AiccError

OFF = ("off", "0", "false")
DEFAULT_SIZE = 2 << 30
UNITS, MODELS = "units", "models"
_MAGIC = b"aicc entry 1\n"
_TEMPORARY = ".new-"
_STAMP = "trimmed"
# A full folder is looked through when 1/64 of its size was written, or every ten minutes.
_TRIM_PART, _TRIM_SECONDS = 64, 600
_ABANDONED_SECONDS = 3600  # temporary files this old belong to processes that were killed


@dataclass(frozen=True)
class Stats:
    """What lies in the cache."""

    folder: Path | None
    limit: int
    entries: dict[str, int]
    bytes: dict[str, int]


class Cache:
    """A folder of entries, each of a kind and under a key; without a folder nothing is kept."""

    def __init__(self, folder: Path | None, limit: int = DEFAULT_SIZE) -> None:
        self.folder = folder
        self.limit = limit
        self._written = 0

    def get(self, kind: str, key: str) -> bytes | None:
        """The contents of an entry; None if there is none, or a damaged one, which is removed."""
        path = self.find(kind, key)
        if path is None:
            return None
        try:
            stored = path.read_bytes()
        except OSError:
            return None
        data = stored[len(_MAGIC) + 32 :]
        if stored != _framed(data):
            self.remove(kind, key)
            return None
        return data

    def put(self, kind: str, key: str, data: bytes) -> None:
        """Keep `data`; if that is impossible, warn once and go on."""
        self.write(kind, key, lambda path: _write(path, _framed(data)))

    def find(self, kind: str, key: str) -> Path | None:
        """The file of an entry, marked as used just now."""
        if self.folder is None:
            return None
        path = self.folder / kind / key
        try:
            os.utime(path)
        except FileNotFoundError:
            return None
        except OSError:  # a read-only cache serves as well
            return path if path.is_file() else None
        return path

    def write(self, kind: str, key: str, writer: Callable[[Path], None]) -> None:
        """Keep the file that `writer` writes at the path it is given."""
        if self.folder is None:
            return
        temporary: Path | None = None
        try:
            (self.folder / kind).mkdir(mode=0o700, parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix=_TEMPORARY, dir=self.folder / kind)
            os.close(handle)
            temporary = Path(name)
            writer(temporary)
            self._written += temporary.stat().st_size
            os.replace(temporary, self.folder / kind / key)
        except (OSError, AiccError) as error:
            _warn(str(self.folder), getattr(error, "strerror", None) or str(error))
        finally:
            if temporary is not None:
                _unlink(temporary)

    def remove(self, kind: str, key: str) -> None:
        """Remove an entry, if it is there and can be removed."""
        if self.folder is not None:
            _unlink(self.folder / kind / key)

    def trim(self) -> None:
        """Keep to the limit: to be called after writing. Looks rarely, since looking takes time."""
        if self.folder is None or not self._written:
            return
        stamp = self.folder / _STAMP
        with contextlib.suppress(OSError):
            recent = stamp.exists() and time.time() - stamp.stat().st_mtime < _TRIM_SECONDS
            if recent and self._written < self.limit // _TRIM_PART:
                return
            self._written = 0
            self._remove_oldest()
            stamp.touch()

    def _remove_oldest(self) -> None:
        found = list(self._files())
        total = sum(state.st_size for _, state in found)
        if total <= self.limit:
            return
        for path, state in sorted(found, key=lambda pair: pair[1].st_mtime_ns):
            _unlink(path)
            total -= state.st_size
            if total <= self.limit * 9 // 10:
                break

    def _files(self) -> Iterator[tuple[Path, os.stat_result]]:
        """All entries; what killed processes left half written is removed on the way."""
        for kind in (UNITS, MODELS) if self.folder else ():
            with contextlib.suppress(OSError), os.scandir(Path(self.folder or "", kind)) as found:
                for entry in found:
                    with contextlib.suppress(OSError):
                        state = entry.stat()
                        if not entry.name.startswith("."):
                            yield Path(entry.path), state
                        elif time.time() - state.st_mtime > _ABANDONED_SECONDS:
                            _unlink(Path(entry.path))

    def stats(self) -> Stats:
        """Entries and bytes, by kind."""
        entries, sizes = {UNITS: 0, MODELS: 0}, {UNITS: 0, MODELS: 0}
        for path, state in self._files():
            entries[path.parent.name] += 1
            sizes[path.parent.name] += state.st_size
        return Stats(self.folder, self.limit, entries, sizes)

    def clear(self) -> int:
        """Remove all entries; returns how many."""
        return sum([_unlink(path) for path, _ in self._files()])


def open_cache(choice: str | os.PathLike[str] | bool | None = None) -> Cache:
    """The cache for `cache=choice`: a folder, False or "off", else what the environment says.

    Raises AiccError for an AICC_CACHE_SIZE that is no size.
    """
    limit = settings.size("AICC_CACHE_SIZE", DEFAULT_SIZE)
    if choice is None or choice is True:
        choice = settings.read("AICC_CACHE") or str(default_folder())
    if choice is False or (isinstance(choice, str) and choice.lower() in OFF):
        return Cache(None, limit)
    folder = Path(choice).expanduser().absolute()
    return Cache(folder if _is_trusted(folder) else None, limit)


def default_folder() -> Path:
    """Where this user's caches live, by the customs of the system."""
    import platformdirs

    return platformdirs.user_cache_path("aicc", appauthor=False)


def key_of(*parts: str) -> str:
    """One key for texts that may hold anything."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode()
        digest.update(len(data).to_bytes(8, "little"))
        digest.update(data)
    return digest.hexdigest()


def _is_trusted(folder: Path) -> bool:
    """Entries are programs: a folder that others own or may write into is left alone."""
    try:
        state = folder.stat()
    except OSError:
        return True  # it will be made, for this user alone
    if state.st_uid not in (os.getuid(), 0):
        _warn(str(folder), "another user owns it")
        return False
    if state.st_mode & stat.S_IWOTH:
        _warn(str(folder), "everybody may write into it")
        return False
    return True


def _framed(data: bytes) -> bytes:
    return _MAGIC + hashlib.sha256(data).digest() + data


def _write(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def _unlink(path: Path) -> bool:
    try:
        path.unlink()
    except OSError:
        return False
    return True


@functools.cache
def _warn(folder: str, reason: str) -> None:
    """Once per folder and reason."""
    logging.getLogger("aicc").warning("nothing is kept in the cache %s: %s", folder, reason)
