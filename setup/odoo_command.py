# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Odoo's command line as a script: what ``python -m odoo`` has started cannot start the
process for websockets, which Odoo runs by the name of the script."""

from odoo.cli.command import main

main()
