from . import (
    crm_lead_api_answer,
    crm_lead_api_health,
    crm_lead_api_metrics,
    crm_lead_api_request,
)
from . import crm_lead_api_bulk  # after the single request
