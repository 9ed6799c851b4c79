from . import (
    crm_lead_api_client,
    crm_lead_api_event,
    crm_lead_api_event_outcome,
    crm_lead_api_event_sending,
    crm_lead_api_event_watch,
)
