# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re

# A tenant's name may stand in front; it changes nothing.
API_PATH = re.compile(r"(?:/[^/]+)?/api/v1(?:/.*)?", re.DOTALL)
# What clients send for it by mistake; other addons may have such addresses.
NEAR_API_PATH = re.compile(
    r"/api/?|(?:/[^/]+)?/api/(?:v[0-9]+|leads?)(?:/.*)?", re.DOTALL
)
