# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Checks the XML files of addons against Odoo's own schema of data files, and that
pivots and graphs have a name: it is the title of the list that a figure opens.

Usage: lint_xml.py ADDON...
"""

import os
import sys
from pathlib import Path

from lxml import etree

ODOO = Path(os.environ["ODOO_PATH"], "odoo")
schema = etree.RelaxNG(etree.parse(ODOO / "import_xml.rng"))
NAMELESS = "//*[self::pivot or self::graph][not(@string or @position)]"
failed = False
for path in sorted(
    path for addon in sys.argv[1:] for path in Path(addon).rglob("*.xml")
):
    if "static" in path.parts:
        continue  # templates of the web client
    try:
        tree = etree.parse(path)
        schema.assertValid(tree)
    except (etree.XMLSyntaxError, etree.DocumentInvalid) as error:
        print(f"{path}: {error}")
        failed = True
        continue
    for view in tree.xpath(NAMELESS):
        print(f"{path}:{view.sourceline}: the {view.tag} has no string")
        failed = True
sys.exit(failed)
