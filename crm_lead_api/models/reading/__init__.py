from . import (
    base,
    crm_lead,
    crm_lead_api_customer_reader,
    crm_lead_api_horizon,
    crm_lead_api_look_up,
    crm_lead_api_reader,
    crm_lead_api_record_mixin,
    crm_lead_api_reference,
    crm_stage,
)
