from . import (
    crm_lead_phone_call,
    crm_lead_phone_call_request,
    crm_lead_api_engine,
    crm_lead_api_request,
    crm_lead,
    mail_activity,
    res_config_settings,
    res_partner,
)
