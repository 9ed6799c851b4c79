from . import (
    crm_booking,
    crm_lead_api_client,
    crm_lead_api_engine,
    crm_lead_api_event,
    crm_lead_api_request,
)
