from . import (
    crm_lead_api_attribute,
    crm_lead_api_client,
    crm_lead_api_client_first_steps,
    crm_lead_api_client_watch,
    crm_lead_api_code,
    crm_lead_api_day,
    crm_lead_api_rate,
    crm_lead_api_refusal,
    crm_lead_api_secret,
    crm_lead_api_token,
    mail_followers,
    res_users,
)
