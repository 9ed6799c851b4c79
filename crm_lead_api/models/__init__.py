from . import (
    crm_customer_portrait,
    crm_customer_portrait_item,
    crm_lead_api_answer,
    crm_lead_api_lock,
    crm_lead_service,
    customer_profile_mixin,
    ir_http,
    res_config_settings,
    res_country_district,
    res_users,
    res_users_apikeys,
    utm_source,
    utm_source_group,
)
from . import crm_lead, crm_lead_proposal, res_partner  # after the mixin
