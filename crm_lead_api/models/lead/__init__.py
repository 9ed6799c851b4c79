# Mixins come before the models that inherit them.
from . import customer_profile_mixin, folded_name_mixin
from . import (
    base,
    crm_customer_portrait,
    crm_customer_portrait_item,
    crm_customer_portrait_tag,
    crm_lead,
    crm_lead_call,
    crm_lead_customer,
    crm_lead_match,
    crm_lead_merge,
    crm_lead_portrait,
    crm_lead_proposal,
    crm_lead_revenue,
    crm_lead_service,
    crm_lead_ticket,
    res_country_district,
    res_partner,
    res_partner_match,
    res_partner_timeline,
    utm_source,
    utm_source_group,
)
