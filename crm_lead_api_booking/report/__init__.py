from . import crm_booking_report
