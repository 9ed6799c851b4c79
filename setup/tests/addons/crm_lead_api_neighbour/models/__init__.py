from . import (
    columns,
    crm_lead_api_neighbour_trace,
    crm_customer_portrait,
    crm_customer_portrait_item,
    crm_lead,
    crm_lead_service,
    mail_message,
    res_partner,
)
