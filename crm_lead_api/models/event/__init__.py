from . import (
    crm_lead_api_client,
    crm_lead_api_event,
    crm_lead_api_event_watch,
    crm_lead_api_retry_mixin,
)
