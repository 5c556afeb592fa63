"""Altered copies of an artefact, with its checksums as they were or computed again.

    python artifact_files.py FILE COUNT [SEED]

loads COUNT copies, each altered in its own way, in this process; nothing is run. Copies whose
checksums do not fit must be refused. Prints how many loaded of those whose checksums do.
"""

from __future__ import annotations

import hashlib
import random
import struct
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

HEADER_BYTES, DIGEST_BYTES = 256, 32
SECTIONS = {"table": 24, "code": 40, "weights": 56}  # place in the header of (offset, size)
DIGESTS = {"table": 72, "code": 104}
TELLING = (0, 1, 2, 255, 2**31 - 1, 2**31, 2**32 - 1, 2**63 - 1, 2**63, 2**64 - 1)


def section(data: bytes | bytearray, name: str) -> slice:
    """Where a section lies."""
    offset, size = struct.unpack_from("<QQ", data, SECTIONS[name])
    return slice(offset, offset + size)


def sign(data: bytearray) -> bytearray:
    """The digests of table, code and header, computed again; weights must not be changed."""
    for name, place in DIGESTS.items():
        part = data[section(data, name)] if section(data, name).start <= len(data) else b""
        data[place : place + DIGEST_BYTES] = hashlib.sha256(part).digest()
    rest = HEADER_BYTES - DIGEST_BYTES
    data[rest:HEADER_BYTES] = hashlib.sha256(data[:rest]).digest()
    return data


def with_number(data: bytes, place: int, number: int, form: str = "<I") -> bytes:
    """The header's number at `place` replaced, and signed."""
    changed = bytearray(data)
    struct.pack_into(form, changed, place, number)
    return bytes(sign(changed))


def flipped(data: bytes, rng: random.Random) -> bytes:
    """One byte changed, anywhere."""
    changed = bytearray(data)
    changed[rng.randrange(len(data))] ^= rng.randrange(1, 256)
    return bytes(changed)


def cut(data: bytes, rng: random.Random) -> bytes:
    """Any shorter length."""
    return data[: rng.randrange(len(data))]


def scribbled(data: bytes, rng: random.Random) -> bytes:
    """Up to 64 random bytes in a row."""
    start = rng.randrange(len(data) - 64)
    noise = rng.randbytes(rng.randrange(1, 65))
    return data[:start] + noise + data[start + len(noise) :]


def forged(data: bytes, rng: random.Random) -> bytes:
    """Numbers of the header or table, or bytes of the code, replaced, and signed."""
    changed = bytearray(data)
    name = rng.choice(["table", "table", "table", "code", "header"])
    part = slice(8, 72) if name == "header" else section(data, name)
    for _ in range(rng.randrange(1, 4)):
        place = rng.randrange(part.start, part.stop - 8)
        number = max(0, rng.choice(TELLING) - rng.choice([0, 0, rng.randrange(70)]))
        size = rng.choice([1, 4, 8])
        changed[place : place + size] = (number % 256**size).to_bytes(size, "little")
    return bytes(sign(changed))


DAMAGES: tuple[Callable[[bytes, random.Random], bytes], ...] = (flipped, cut, scribbled)


def main(path: str, count: int, seed: int) -> None:
    from aicc.diagnostics import ArtifactError
    from aicc.runtime.artifact import load

    data, rng, loaded = Path(path).read_bytes(), random.Random(seed), 0
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, "copy.aicc")
        for i in range(count):
            is_forged = i % 2 == 0
            altered = (forged if is_forged else rng.choice(DAMAGES))(data, rng)
            copy.write_bytes(altered)
            try:
                load(copy)
            except ArtifactError:
                continue
            assert is_forged or altered == data, f"copy {i} of seed {seed} was not refused"
            loaded += 1
    print(f"{count} altered artefacts, {loaded} with fitting checksums loaded")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int((sys.argv[3:] or ["1"])[0]))
