from . import crm_lead, crm_lead_api_client, crm_lead_api_customer_reader
