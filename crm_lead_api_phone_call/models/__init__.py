from . import ir_config_parameter, res_config_settings
from . import crm_lead_phone_call
from . import crm_lead_phone_call_customer
from . import crm_lead_phone_call_lead
from . import crm_lead_phone_call_missed
from . import crm_lead_phone_call_recording
from . import crm_lead_phone_call_timeline
from . import crm_lead_api_phone_call_reader
from . import crm_lead_api_answer
from . import crm_lead_api_client, crm_lead_api_customer_reader, crm_lead_api_engine
from . import crm_lead_api_request
from . import crm_lead, res_partner
