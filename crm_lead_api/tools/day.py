# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import datetime

END_OF_DAY = datetime.time(23, 59, 59)


def get_end_of_day(day: datetime.date, zone: datetime.tzinfo) -> datetime.datetime:
    """Return the last second of a day in a time zone, in naive UTC.

    :param zone: of pytz
    """
    end = zone.localize(datetime.datetime.combine(day, END_OF_DAY))
    return end.astimezone(datetime.UTC).replace(tzinfo=None)
