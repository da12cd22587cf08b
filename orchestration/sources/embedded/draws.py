"""Chance, keys and rounding of the seeded country.

Belongs here: how a seed becomes random numbers, pseudonymous keys and whole units. Does not belong here: any
fact about a country.
"""

import zlib

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_HEX = np.frombuffer(b"".join(f"{byte:02x}".encode() for byte in range(256)), dtype=np.uint16)
_KEY_LENGTH = 32


def stream(seed: int, *labels: object) -> np.random.Generator:
    """A generator of its own for every subject, so that no subject moves another one's numbers."""
    words = [zlib.crc32(str(label).encode()) for label in labels]
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, *words])))


def _splitmix64(state: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Steele, Lea & Flood 2014: a bijection of 64 bits, so that two rows never share a half key."""
    z = state + np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def halves(seed: int, subject: str, numbers: Integers) -> NDArray[np.uint64]:
    """(n,) row numbers to (n, 2) halves of their keys; distinct numbers give distinct keys."""
    salt = np.array([seed * 0x1_0000_0001 + zlib.crc32(subject.encode())], dtype=np.uint64)
    offset = _splitmix64(salt)
    first = _splitmix64(np.asarray(numbers).astype(np.uint64) ^ offset)
    return np.stack([first, _splitmix64(first ^ _splitmix64(offset + np.uint64(1)))], axis=1)


def hex_keys(pair: NDArray[np.uint64]) -> pa.Array:
    """(n, 2) halves to n keys of 32 hexadecimal characters."""
    count = len(pair)
    text = _HEX[pair.astype(">u8").view(np.uint8)]
    offsets = np.arange(count + 1, dtype=np.int64) * _KEY_LENGTH
    if count * _KEY_LENGTH >= 2**31:
        raise ValueError(f"{count} keys do not fit one Arrow chunk; ask for smaller chunks.")
    buffers = [None, pa.py_buffer(offsets.astype(np.int32)), pa.py_buffer(np.ascontiguousarray(text))]
    return pa.Array.from_buffers(pa.string(), count, buffers)


def keys(seed: int, subject: str, numbers: Integers) -> pa.Array:
    """Keys of the rows of a subject."""
    return hex_keys(halves(seed, subject, numbers))


def split_whole(total: int, weights: Floats) -> Integers:
    """Whole units by weight whose sum is exactly `total` (rounding of the running sum)."""
    running = np.cumsum(weights)
    if total == 0 or running[-1] <= 0:
        return np.zeros(len(weights), dtype=np.int64)
    return np.diff(np.round(running / running[-1] * total).astype(np.int64), prepend=0)


def pick(rng: np.random.Generator, weights: Floats, size: int) -> Integers:
    """Positions drawn in proportion to weights."""
    running = np.cumsum(weights)
    return np.searchsorted(running, rng.random(size) * running[-1], side="right").clip(max=len(weights) - 1)
