"""The bytes of a file before anything is read from it: is it whole, is it what its name says.

Belongs here: existence, kind by content, gzip members, encoding marks. Does not belong here: rows, columns.
A whole-file fault stops the landing of its contract: a file that is cut or doubled would change totals
without a trace, and no count of bad lines could say by how much.
"""

import codecs
import gzip
import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from orchestration.errors import UserError

BLOCK = 1 << 20
# A gzip file that unpacks to more than 500 times its size is a bomb: text of records shrinks to a tenth, the
# most repetitive to a hundredth. Small files are let through, because a header alone may shrink further.
LARGEST_RATIO = 500
HARMLESS_BYTES = 64 << 20
KINDS = {
    ".csv": "csv", ".txt": "csv", ".tsv": "csv", ".xlsx": "xlsx", ".parquet": "parquet",
    ".ndjson": "ndjson", ".jsonl": "ndjson",
}  # fmt: skip
_MAGIC = (
    (b"PK\x03\x04", "xlsx"),
    (b"PAR1", "parquet"),
    (b"\xd0\xcf\x11\xe0", "an old Excel (.xls) or password-protected file"),
    (b"%PDF", "a PDF document"),
)


@dataclass(frozen=True)
class Container:
    """A file that was looked at and found whole.

    Attributes:
        path: Where it lies.
        kind: csv, xlsx, parquet or ndjson.
        is_gzip: Whether its content is compressed.
        sha256: Fingerprint of its bytes.
        ends_with_newline: Whether the text ends its last line.
    """

    path: Path
    kind: str
    is_gzip: bool
    sha256: str
    ends_with_newline: bool

    def open(self) -> IO[bytes]:
        """The content, decompressed."""
        return gzip.open(self.path, "rb") if self.is_gzip else self.path.open("rb")


def kind_of(path: Path) -> str:
    """Kind by the file's suffix, or empty."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    last = suffixes[-2] if suffixes[-1:] == [".gz"] and len(suffixes) > 1 else (suffixes or [""])[-1]
    return KINDS.get(last, "")


def look_at(path: Path, kind: str = "", encoding: str = "utf-8") -> Container:
    """Check a file's bytes from end to end.

    Args:
        path: The file.
        kind: What it must be; by its suffix if blank.
        encoding: Declared encoding of text.

    Raises:
        UserError: It is missing, empty, cut, damaged, or of another kind than its name says.
    """
    kind = kind or kind_of(path)
    if not kind:
        raise refusal(
            path,
            f"no kind of file has the suffix {path.suffix or '(none)'}",
            f"name it {', '.join(KINDS)}",
        )
    digest = hashlib.sha256()
    is_first, is_blank, last_byte, lines_before = True, True, b"", 0
    mistaken = _Mistaken(encoding)
    try:
        with path.open("rb") as file:
            is_gzip = file.read(2) == b"\x1f\x8b"
        if is_gzip != (path.suffix.lower() == ".gz"):
            raise refusal(path, "its name and its content disagree about gzip", "compress it, or rename it")
        for block in _contents(path, is_gzip, digest):
            if is_first and block:
                _check_kind(path, block, kind, encoding)
                is_first = False
            if kind == "csv" and b"\x00" in block and not encoding.lower().startswith(("utf-16", "utf-32")):
                line = lines_before + block[: block.index(b"\x00")].count(b"\n") + 1
                raise refusal(path, "it holds NUL bytes", "export it again as text; is it UTF-16?", line)
            if kind == "csv":
                mistaken.look_at(block)
                lines_before += block.count(b"\n")
            is_blank = is_blank and not block.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0")
            last_byte = block[-1:] or last_byte
    except OSError as error:
        raise refusal(
            path, f"it cannot be read: {error.strerror or error}", "check path and permission"
        ) from None
    if is_first or is_blank:
        mend = "a table without rows still has its header line" if kind == "csv" else "or leave the file out"
        raise refusal(path, "it is empty", f"export it again; {mend}")
    if mistaken.is_utf8:
        raise refusal(
            path, f"all of it is UTF-8, but {encoding} is declared", "leave `encoding` out, or declare utf-8"
        )
    return Container(path, kind, is_gzip, digest.hexdigest(), last_byte == b"\n")


class _Mistaken:
    """Whether text that is declared to be of one byte a letter is UTF-8: cp1251 reads any bytes, as nonsense.

    Letters of another encoding never make up UTF-8 by chance throughout a file.
    """

    def __init__(self, encoding: str) -> None:
        is_asked = not codecs.lookup(encoding).name.startswith(("utf", "ascii"))
        self._decoder = codecs.getincrementaldecoder("utf-8")() if is_asked else None
        self._has_letters = False

    def look_at(self, block: bytes) -> None:
        """Go on with the next bytes."""
        if self._decoder is None:
            return
        self._has_letters = self._has_letters or not block.isascii()
        try:
            self._decoder.decode(block)
        except UnicodeDecodeError:
            self._decoder = None

    @property
    def is_utf8(self) -> bool:
        """The answer, after the last bytes."""
        return self._decoder is not None and self._has_letters and not self._decoder.getstate()[0]


def refusal(path: Path, why: str, mend: str, line: int | None = None) -> UserError:
    """The error of a whole file."""
    where = f"{path}{f', line {line}' if line else ''}"
    return UserError("The file is refused; nothing of it was landed.", where=where, why=why, mend=mend)


def refuse_blank_names(names: list[str], path: Path) -> None:
    """Refuse a header with a blank name, as a delimiter at the end of the line makes one."""
    if not any(names):
        raise refusal(path, "its first line is blank", "put the column names into the first line", 1)
    if "" in names:
        place = names.index("") + 1
        raise refusal(
            path, f"the header of column {place} is blank", "name the column, or drop the extra delimiter", 1
        )


def _contents(path: Path, is_gzip: bool, digest: "hashlib._Hash") -> Iterator[bytes]:
    """Blocks of the content; a gzip file is followed member by member, so that damage cannot hide."""
    members: set[tuple[int, int]] = set()
    inflater: zlib._Decompress | None = None
    checksum = size = taken = given = 0
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
            if not is_gzip:
                yield block
                continue
            taken += len(block)
            while block:
                if inflater is None:
                    inflater, checksum, size = zlib.decompressobj(31), 0, 0
                try:
                    content = inflater.decompress(block, 8 * BLOCK)
                except zlib.error as error:
                    raise refusal(
                        path, f"its gzip content is damaged ({error})", "transfer it again"
                    ) from None
                checksum, size = zlib.crc32(content, checksum), size + len(content)
                given += len(content)
                if given > max(HARMLESS_BYTES, LARGEST_RATIO * taken):
                    raise refusal(
                        path, f"it unpacks to more than {LARGEST_RATIO} times its size", "deliver it unpacked"
                    )
                if content:
                    yield content
                block = inflater.unconsumed_tail or inflater.unused_data
                if inflater.eof:
                    if size and (checksum, size) in members:
                        raise refusal(path, "it holds the same gzip member twice", "transfer it again")
                    members.add((checksum, size))
                    inflater = None
    if inflater is not None:
        raise refusal(
            path, "its gzip content is cut", "transfer it again; the records at its end are missing"
        )


def _check_kind(path: Path, block: bytes, kind: str, encoding: str) -> None:
    is_kind = next((name for magic, name in _MAGIC if block.startswith(magic)), "text")
    expected = kind if kind in ("xlsx", "parquet") else "text"
    if is_kind != expected:
        raise refusal(
            path,
            f"it is named as {kind} but its content is {is_kind}",
            "give it the right suffix, or export it again as its name says",
        )
    if expected != "text":
        return
    if block.startswith((b"\xff\xfe", b"\xfe\xff")) and not encoding.lower().startswith("utf-16"):
        raise refusal(path, "it is UTF-16", "declare `encoding: utf-16` (CSV), or save it as UTF-8")
    if block.startswith(b"\xef\xbb\xbf") and encoding.lower().replace("-", "").replace("_", "") not in (
        "utf8",
        "utf8sig",
    ):
        raise refusal(path, f"it is UTF-8 by its first bytes, but {encoding} is declared", "declare utf-8")
    start = block.lstrip(b"\xef\xbb\xbf \t\r\n")[:200].lower()
    if kind == "ndjson" and start.startswith(b"["):
        raise refusal(path, "it is one JSON array", "export NDJSON: one object a line, no brackets around", 1)
    if start.startswith((b"<!doctype", b"<html", b"<?xml", b"<head", b"<body")):
        raise refusal(path, "it is a web page or XML", "the download gave an error page; fetch it again")
