from . import crm_lead, crm_lead_api_reader, crm_lead_api_reference, crm_stage
