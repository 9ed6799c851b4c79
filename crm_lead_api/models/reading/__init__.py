from . import (
    crm_lead,
    crm_lead_api_client,
    crm_lead_api_client_service,
    crm_lead_api_customer_parts,
    crm_lead_api_customer_reader,
    crm_lead_api_look_up,
    crm_lead_api_look_up_contact,
    crm_lead_api_reader,
    crm_lead_api_reference,
    crm_lead_api_reference_search,
    crm_stage,
    res_partner,
)
