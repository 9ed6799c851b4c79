from . import (
    crm_lead,
    crm_lead_api_client,
    crm_lead_api_lock,
    crm_lead_records,
    crm_lead_values,
    crm_team,
    res_company,
    res_partner,
    res_partner_lang,
)
