# Rooms by subject. A room comes after the rooms whose models it extends.
from . import crm_lead_api_test_mixin, access, lead, intake, request, reading, event
from . import ir_attachment, ir_cron, res_config_settings, resource_calendar
