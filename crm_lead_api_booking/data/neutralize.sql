-- remind nobody of the original's bookings
UPDATE crm_booking
   SET reminder_date = NULL,
       reminder_hours = 0
 WHERE reminder_date IS NOT NULL;
