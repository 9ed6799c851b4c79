from . import (
    crm_lead_api_resend,
    crm_lead_api_token_wizard,
    crm_lead_call_result,
    crm_lead_contact_merge,
    crm_lead_message,
    crm_merge_opportunity,
    mail_activity_schedule,
)
