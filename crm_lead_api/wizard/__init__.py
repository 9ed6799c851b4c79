from . import base_partner_merge, crm_lead_api_resend, crm_lead_api_token_wizard
