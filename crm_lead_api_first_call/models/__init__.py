# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from . import crm_team
from . import crm_team_member
from . import crm_first_call
from . import crm_first_call_decision
from . import crm_first_call_notice
from . import crm_lead
from . import crm_lead_api_client
from . import crm_lead_api_event
from . import ir_http
from . import res_config_settings
from . import res_users
