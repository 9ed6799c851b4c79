# Rooms by subject. A room comes after the rooms whose models it extends.
from . import access, lead, intake, request, follow_up, reading, event, change, testing
from . import ir_attachment, ir_config_parameter, ir_cron, res_config_settings
