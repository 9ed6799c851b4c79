from . import (
    crm_customer_portrait,
    crm_customer_portrait_item,
    crm_lead_service,
    customer_profile_mixin,
    ir_http,
    res_country_district,
    res_users_apikeys,
    utm_source,
    utm_source_group,
)
from . import crm_lead, res_partner  # after the mixin that they inherit
