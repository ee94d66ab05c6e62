"""An object of Cloud Storage read in pieces, all of one generation."""

from __future__ import annotations

import base64
import io
import tempfile
from typing import BinaryIO, cast

import google_crc32c
from google.cloud.storage import Blob

from nba_assets.errors import TransientError
from nba_assets.storage.gcp.errors import google_errors

PIECE = 8 * 1024 * 1024
"""Bytes in memory while an object is streamed, and of one request."""


def open_blob(blob: Blob, what: str) -> BinaryIO:
    """The content of a blob whose metadata were read; `what` is done with it, for errors.

    Of one that a stranger stored gzipped the server sends no ranges: it is unpacked into a temporary file.
    """
    if not blob.content_encoding:
        return cast(BinaryIO, io.BufferedReader(ObjectStream(blob, what), PIECE))
    copy = tempfile.SpooledTemporaryFile(PIECE)  # noqa: SIM115
    with google_errors(what):
        blob.download_to_file(copy, checksum="crc32c")
    copy.seek(0)
    return cast(BinaryIO, copy)


def crc32c_text(checksum: google_crc32c.Checksum) -> str:
    """As Cloud Storage writes it."""
    return base64.b64encode(checksum.digest()).decode()


def damaged(what: str) -> TransientError:
    """The error of a content that is not the one that the server has."""
    return TransientError(
        f"cannot {what}: what arrived does not have its checksum", "try again; see the network if it stays"
    )


class ObjectStream(io.RawIOBase):
    """Raises `TransientError` at the end if what was read does not have the object's checksum."""

    def __init__(self, blob: Blob, what: str) -> None:
        self._blob = blob
        self._what = what
        self._size, self._crc32c = blob.size, blob.crc32c
        self._position = 0
        self._checksum = google_crc32c.Checksum()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        piece = self._piece(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)

    def readall(self) -> bytes:
        return b"".join(iter(lambda: self._piece(PIECE), b""))

    def _piece(self, most: int) -> bytes:
        size = min(most, self._size - self._position)
        if not size:
            return b""
        with google_errors(self._what):
            end = self._position + size - 1
            piece: bytes = self._blob.download_as_bytes(start=self._position, end=end, checksum=None)
        self._position += len(piece)
        self._checksum.update(piece)
        ended = self._position == self._size
        if len(piece) != size or (ended and crc32c_text(self._checksum) != self._crc32c):
            raise damaged(self._what)
        return piece
