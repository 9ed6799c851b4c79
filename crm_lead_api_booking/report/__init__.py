from . import crm_booking_report, crm_lead_intake_report
