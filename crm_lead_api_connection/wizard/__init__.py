from . import (
    crm_lead_api_backfill,
    crm_lead_api_discard,
    crm_lead_api_resend,
)
