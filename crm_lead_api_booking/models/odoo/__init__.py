from . import (
    calendar_event,
    crm_lead,
    product_template,
    res_company,
    res_config_settings,
    res_partner,
    resource,
)
