from . import (
    crm_customer_portrait,
    crm_customer_portrait_item,
    crm_customer_portrait_tag,
    crm_lead_api_client,
    crm_lead_api_request,
    crm_lead_proposal,
    crm_lead_service,
)
