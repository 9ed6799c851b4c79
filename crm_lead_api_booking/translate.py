# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from odoo.tools.translate import LazyTranslate

# Marks a text that is translated when an answer with it is written
_lt = LazyTranslate(__name__, default_lang="en_US")
