from . import (
    crm_lead,
    crm_lead_api_follow_up,
    crm_lead_api_follow_up_task,
    crm_lead_api_request,
    res_partner,
)
