# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import hashlib
import shutil
from collections.abc import Iterable
from typing import IO

from typing_extensions import Self


class ReceivedFile:
    """Hold a file that a client has sent: on disk, because it may be large.

    :param file: of the operating system, without a name: gone when it is closed
    :param media_type: as the client declared it
    """

    def __init__(self, file: IO[bytes], media_type: str):
        self.file = file
        self.media_type = media_type
        self.size = 0
        # Of Odoo's attachments, which tells files apart and protects nothing
        self._digest = hashlib.sha1(usedforsecurity=False)

    @classmethod
    def receive(cls, file: IO[bytes], media_type: str, parts: Iterable[bytes]) -> Self:
        """Write the parts of a file to the disk, one after the other."""
        received = cls(file, media_type)
        for part in parts:
            file.write(part)
            received.size += len(part)
            received._digest.update(part)
        return received

    @property
    def checksum(self) -> str:
        """Return the checksum as ``ir.attachment`` has it."""
        return self._digest.hexdigest()

    def get_bytes(self, size: int = -1) -> bytes:
        """Read the beginning of the file, or the whole file."""
        self.file.seek(0)
        return self.file.read(size)

    def copy_to(self, target: IO[bytes]) -> None:
        """Copy the file to another file."""
        self.file.seek(0)
        shutil.copyfileobj(self.file, target)

    def to_data(self) -> dict:
        """Describe the file in JSON: equal files have equal descriptions."""
        return {
            "media_type": self.media_type,
            "size": self.size,
            "checksum": self.checksum,
        }

    # As for bytes, because Odoo compares a file with a stored file of equal checksum

    def __len__(self) -> int:
        return self.size

    def __getitem__(self, part: slice) -> bytes:
        start, stop, _step = part.indices(self.size)
        self.file.seek(start)
        return self.file.read(max(stop - start, 0))
