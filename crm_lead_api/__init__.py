import sys

from . import tools, schemas, http, models, controllers, report, wizard
from .hooks import post_init_hook, pre_init_hook, uninstall_hook

# Other addons import these modules by their former names, until 20.0.
for former, module in {
    "http.request_body": http.body,
    "models.lead.res_partner_timeline": models.lead.res_partner,
    "models.request.lead_address": models.request.crm_lead_api_engine,
    "models.request.outcome": http.outcome,
    "models.request.received_request": http.received_request,
    "schemas.stored_lead": schemas.lead,
    "tools.media_type": http.body,
    "tools.primary": tools.transaction,
    "tools.received_file": http.body,
    "tools.savepoint": tools.transaction,
}.items():
    sys.modules[f"{__name__}.{former}"] = module
