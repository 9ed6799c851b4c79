from . import (
    crm_booking,
    crm_booking_service,
    resource_slot,
    crm_booking_state,
    crm_booking_calendar,
)
