from . import (
    crm_lead_api_platform,
    crm_lead_api_connection_secret,
    crm_lead_api_connection,
    crm_lead_api_connection_field,
    crm_lead_api_question,
    crm_lead_api_message,
    crm_lead_api_client,
    crm_lead_api_code,
    crm_lead_api_request,
    crm_lead,
    crm_lead_api_engine,
    res_partner,
)
