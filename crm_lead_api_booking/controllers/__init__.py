from . import booking, booking_calendar
