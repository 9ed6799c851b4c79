from . import crm_lead_api_test_mixin
