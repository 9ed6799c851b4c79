# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
import re

from odoo.tools import html_sanitize, plaintext2html

# A note above Odoo's details of the organizer: perhaps not the booking's present one
NOTE = re.compile(r"^<div><p>.*?</p><br>(?=<strong>)", re.DOTALL)


def migrate(cr, version):
    """Hide the meetings of doctors from other users, without the customers' notes.

    Until now all internal users could read them. The scheduled action then lets the
    meetings follow what has changed in the meantime.
    """
    cr.execute(
        """
        UPDATE calendar_event AS meeting
           SET privacy = 'private'
          FROM crm_booking AS booking
         WHERE booking.meeting_id = meeting.id AND meeting.privacy = 'confidential'
        """
    )
    cr.execute(
        """
        SELECT meeting.id, meeting.description, booking.note
          FROM calendar_event AS meeting
          JOIN crm_booking AS booking ON booking.meeting_id = meeting.id
         WHERE meeting.description LIKE '%<p>%'
        """
    )
    for meeting_id, description, note in cr.fetchall():
        html = note and html_sanitize(plaintext2html(note))
        if html and html in description:
            rest = description.replace(html, "")
        else:
            rest = NOTE.sub("<div>", description)
        cr.execute(
            "UPDATE calendar_event SET description = %s WHERE id = %s",
            [rest, meeting_id],
        )
    cr.execute(
        "UPDATE crm_booking SET is_meeting_outdated = TRUE WHERE meeting_id IS NOT NULL"
    )
