from . import (
    crm_lead,
    crm_lead_api_client,
    crm_lead_api_follow_up,
    crm_lead_api_follow_up_task,
    crm_lead_api_request,
    crm_lead_call,
    mail_activity,
    res_partner,
)
