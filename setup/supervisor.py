# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import threading
from configparser import ConfigParser
from pathlib import Path

from odoo_server import Server

UNIT = Path(__file__).parents[1] / "docs" / "deployment" / "odoo.service"


def read_unit() -> ConfigParser:
    """Return the documentation's unit for systemd."""
    unit = ConfigParser(interpolation=None)
    unit.optionxform = str
    unit.read(UNIT)
    return unit


class Supervisor(threading.Thread):
    """Starts a server again whenever it ends, as systemd does with that unit.

    :ivar count: how often it did
    """

    def __init__(self, server: Server):
        super().__init__(daemon=True)
        self.server, self.count, self.is_over = server, 0, threading.Event()
        self.delay = int(read_unit()["Service"]["RestartSec"])

    def run(self) -> None:
        while not self.is_over.wait(0.1):
            if self.server.process.poll() is None:
                continue
            if not self.is_over.wait(self.delay):
                self.server.launch()
                self.count += 1

    def __enter__(self) -> "Supervisor":
        self.start()
        return self

    def __exit__(self, *_error) -> None:
        self.is_over.set()
        self.join()
