# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Checks the XML files of addons against Odoo's own schema of data files.

Usage: lint_xml.py ADDON...
"""

import os
import sys
from pathlib import Path

from lxml import etree

ODOO = Path(os.environ["ODOO_PATH"], "odoo")
schema = etree.RelaxNG(etree.parse(ODOO / "import_xml.rng"))
failed = False
for path in sorted(
    path for addon in sys.argv[1:] for path in Path(addon).rglob("*.xml")
):
    if "static" in path.parts:
        continue  # templates of the web client
    try:
        schema.assertValid(etree.parse(path))
    except (etree.XMLSyntaxError, etree.DocumentInvalid) as error:
        print(f"{path}: {error}")
        failed = True
sys.exit(failed)
