# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A small disk, and how to fill it."""

import errno
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def mount(folder: Path, size: int) -> Iterator[None]:
    """Have a disk of its own behind a folder, of that many bytes.

    :raise subprocess.CalledProcessError: this is not permitted here
    """
    command = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=711", "tmpfs", folder]
    subprocess.run(command, check=True, capture_output=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def fill(path: Path) -> None:
    """Write a file until the disk has no byte left."""
    try:
        with path.open("wb", buffering=0) as file:
            while file.write(bytes(1 << 16)):
                pass
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
