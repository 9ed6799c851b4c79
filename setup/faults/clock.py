# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A clock of Odoo's server that differs from the machine's."""

import os
from dataclasses import dataclass
from pathlib import Path

from odoo_database import Database


@dataclass
class SteppedDatabase(Database):
    """A database whose servers have the clock that a file says."""

    clock: Path | None = None

    def get_command(self, *arguments):
        environment = {
            "LD_PRELOAD": find_faketime(),
            "FAKETIME_TIMESTAMP_FILE": self.clock,
            "FAKETIME_NO_CACHE": 1,
            # Only the time of day is wrong: a second lasts a second.
            "FAKETIME_DONT_FAKE_MONOTONIC": 1,
        }
        settings = [f"{name}={value}" for name, value in environment.items()]
        return ["env", *settings, *super().get_command(*arguments)]


def find_faketime() -> str | None:
    """Return the path of libfaketime: that in the environment, else Debian's."""
    if path := os.environ.get("FAKETIME_LIBRARY"):
        return path
    found = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    return str(found[0]) if found else None
