# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import dispatcher  # registers the type that routes name
from . import ir_http, patches, received_request
