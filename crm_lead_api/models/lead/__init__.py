# Mixins come before the models that inherit them.
from . import customer_profile_mixin, folded_name_mixin
from . import (
    base,
    crm_customer_portrait,
    crm_lead,
    crm_lead_call,
    crm_lead_call_outcome,
    crm_lead_customer,
    crm_lead_merge,
    crm_lead_proposal,
    crm_lead_service,
    mail_activity,
    mail_message,
    product_pricelist,
    res_country_district,
    res_partner,
    utm_source,
)
