"""A full or read-only disk is told in words, whichever library meets it first."""

import errno
import shutil
import sqlite3
from collections import namedtuple

import pytest

from orchestration.errors import UserError
from orchestration.running import disk

pytestmark = pytest.mark.faults

Usage = namedtuple("Usage", "total used free")


def _fail_with(error: Exception, home) -> None:
    with disk.disk_faults_told(home):
        raise error


@pytest.mark.parametrize(
    ("number", "why"),
    [(errno.ENOSPC, "no space"), (errno.EROFS, "read-only"), (errno.EACCES, "may not write")],
)
def test_an_error_of_the_system_is_told_with_folder_reason_and_mending(number, why, tmp_path):
    with pytest.raises(UserError, match=why) as told:
        _fail_with(OSError(number, "x"), tmp_path / "home")
    assert str(tmp_path / "home") in told.value.where
    assert "--home" in told.value.mend


def test_a_folder_that_cannot_be_written_at_the_end_is_told_at_the_beginning(tmp_path, monkeypatch):
    def closed(dir):  # noqa: A002
        raise OSError(errno.EROFS, "x", str(dir))

    disk.refuse_closed_folders([tmp_path, tmp_path / "not there yet"])
    assert not list(tmp_path.iterdir())
    monkeypatch.setattr(disk.tempfile, "TemporaryFile", closed)
    with pytest.raises(UserError, match="read-only") as told:
        disk.refuse_closed_folders([tmp_path / "not there yet", tmp_path])
    assert told.value.where == str(tmp_path)


def test_an_error_of_a_library_is_told_when_the_disk_is_full_and_raised_as_it_is_when_not(
    tmp_path, monkeypatch
):
    with pytest.raises(sqlite3.OperationalError):
        _fail_with(sqlite3.OperationalError("disk I/O error"), tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(1 << 30, 1 << 30, 1 << 20))
    with pytest.raises(UserError, match="full .1 MiB"):
        _fail_with(sqlite3.OperationalError("disk I/O error"), tmp_path)
