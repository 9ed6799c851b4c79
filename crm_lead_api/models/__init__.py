# Rooms by subject. A room comes after the rooms whose models it extends.
from . import access, lead, intake, request, reading, event, test_mode
from . import ir_attachment, ir_cron, res_config_settings
