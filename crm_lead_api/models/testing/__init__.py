# The mixin comes before the models that inherit it.
from . import crm_lead_api_test_mixin
from . import (
    crm_activity_report,
    crm_customer_portrait,
    crm_customer_portrait_tag,
    crm_lead,
    crm_lead_api_request,
    res_partner,
)
