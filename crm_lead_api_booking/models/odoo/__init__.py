from . import (
    calendar_event,
    crm_lead,
    crm_lead_call_outcome,
    crm_stage,
    ir_ui_view,
    mail_activity,
    product_template,
    res_company,
    res_config_settings,
    res_partner,
    resource,
)
