# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Odoo's command line as a script: what ``python -m odoo`` has started cannot start the
process for websockets, which Odoo runs by the name of the script."""

import os
import sys
from pathlib import Path

from odoo.cli.command import main

# A server that starts itself again, as after a limit of time, looks for its Python by
# name: it has to find the one that has Odoo.
os.environ["PATH"] = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
main()
