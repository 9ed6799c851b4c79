from . import (
    crm_lead,
    crm_lead_change_records,
    crm_lead_note,
    crm_lead_proposal,
    crm_lead_proposed,
    crm_lead_service,
    crm_lead_service_change,
)
