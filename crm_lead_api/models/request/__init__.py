from . import (
    crm_lead_api_answer,
    crm_lead_api_engine,
    crm_lead_api_engine_bulk,
    crm_lead_api_metrics,
    crm_lead_api_request,
)
