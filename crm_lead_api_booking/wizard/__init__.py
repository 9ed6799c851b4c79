from . import (
    base_partner_merge_automatic_wizard,
    crm_booking_cancel,
    crm_booking_day,
    crm_booking_wizard,
    crm_lead_call_result,
    crm_lead_lost,
    crm_lead_message,
)
