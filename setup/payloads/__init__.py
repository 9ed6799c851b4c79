# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Generate payloads by hypothesis: right, nearly right, hostile.

Written from the documentation alone, so that it does not repeat a mistake of the code.
"""
