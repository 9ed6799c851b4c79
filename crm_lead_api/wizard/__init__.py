from . import crm_lead_api_token
