from . import (
    crm_lead_api_answer,
    crm_lead_api_client,
    crm_lead_api_engine,
    crm_lead_api_engine_bulk,
    crm_lead_api_engine_change,
    crm_lead_api_engine_resend,
    crm_lead_api_engine_warnings,
    crm_lead_api_health,
    crm_lead_api_metrics,
    crm_lead_api_request,
    crm_lead_api_request_content,
)
