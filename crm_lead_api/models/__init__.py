# Before those that inherit them
from . import crm_lead_api_counter, folded_name_mixin
from . import (
    base,
    crm_customer_portrait,
    crm_customer_portrait_item,
    crm_customer_portrait_tag,
    crm_lead_api_answer,
    crm_lead_api_attribute,
    crm_lead_api_client,
    crm_lead_api_client_watch,
    crm_lead_api_client_webhook,
    crm_lead_api_code,
    crm_lead_api_event,
    crm_lead_api_event_outcome,
    crm_lead_api_event_sending,
    crm_lead_api_event_watch,
    crm_lead_api_follow_up,
    crm_lead_api_health,
    crm_lead_api_lock,
    crm_lead_api_metrics,
    crm_lead_api_rate,
    crm_lead_api_reader,
    crm_lead_api_reference,
    crm_lead_api_refusal,
    crm_lead_api_request,
    crm_lead_api_request_follow_up,
    crm_lead_api_secret,
    crm_lead_api_token,
    crm_lead_service,
    crm_stage,
    crm_team,
    customer_profile_mixin,
    ir_config_parameter,
    ir_http,
    mail_followers,
    res_config_settings,
    res_country_district,
    res_users,
    utm_source,
    utm_source_group,
)
from . import crm_lead, crm_lead_proposal, res_partner  # after the mixin

# After the lead
from . import crm_lead_follow_up, crm_lead_intake, crm_lead_reading, crm_lead_reference
from . import crm_lead_api_bulk  # after the single call
