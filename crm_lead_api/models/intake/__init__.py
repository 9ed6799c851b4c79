from . import (
    crm_lead,
    crm_lead_api_client,
    crm_lead_api_lock,
    crm_lead_api_merged_account,
    crm_lead_change,
    crm_lead_records,
    res_partner,
)
