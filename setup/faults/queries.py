# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Queries for what is in the database, of which the check compares the rows."""

DOUBLED_CONTACTS = """
    SELECT phone, count(*) FROM res_partner
     WHERE id > %s AND phone IS NOT NULL GROUP BY phone HAVING count(*) > 1
"""
# Rows that belong to a row which is not there, by their tables and names
ORPHANS = {
    ("res_partner", "contact"): """
        SELECT id FROM res_partner partner
         WHERE id > %s AND NOT EXISTS (
                   SELECT FROM crm_lead WHERE partner_id = partner.id)
    """,
    # The portrait before a change stays, and the log has the change.
    ("crm_customer_portrait", "portrait"): """
        SELECT id
          FROM (SELECT id, partner_id,
                       row_number() OVER (PARTITION BY partner_id ORDER BY id) AS number
                  FROM crm_customer_portrait portrait
                 WHERE id > %s AND NOT EXISTS (
                           SELECT FROM crm_lead WHERE portrait_id = portrait.id)
               ) replaced
         WHERE number > (SELECT count(*) FROM crm_lead_api_request
                          WHERE partner_id = replaced.partner_id
                                AND changes ? 'customer_portrait')
    """,
    ("crm_customer_portrait_tag", "word of portraits"): """
        SELECT id FROM crm_customer_portrait_tag tag
         WHERE id > %s AND NOT EXISTS (
                   SELECT FROM crm_customer_portrait_item WHERE tag_id = tag.id)
    """,
    # The phone may ring before there is a lead.
    ("crm_lead_api_request", "log entry"): """
        SELECT id FROM crm_lead_api_request entry
         WHERE id > %s AND status = 200
               AND (lead_id IS NOT NULL OR kind != 'phone_call')
               AND NOT EXISTS (SELECT FROM crm_lead WHERE id = entry.lead_id)
    """,
    ("crm_lead_api_answer", "kept answer"): """
        SELECT answer.id
          FROM crm_lead_api_answer answer
          LEFT JOIN crm_lead_api_request entry ON entry.id = answer.request_id
         WHERE answer.id > %s
               AND (answer.body IS NULL
                    OR (entry.lead_id IS NULL AND entry.kind != 'phone_call'))
    """,
    ("mail_message", "message"): """
        SELECT id FROM mail_message message
         WHERE id > %s AND model = 'crm.lead'
               AND NOT EXISTS (SELECT FROM crm_lead WHERE id = message.res_id)
    """,
    ("crm_booking", "booking"): """
        SELECT id FROM crm_booking booking
         WHERE id > %s AND NOT EXISTS (
                   SELECT FROM crm_booking_service WHERE booking_id = booking.id)
    """,
    ("calendar_event", "meeting"): """
        SELECT id FROM calendar_event meeting
         WHERE id > %s AND NOT EXISTS (
                   SELECT FROM crm_booking WHERE meeting_id = meeting.id)
    """,
    ("ir_attachment", "recording"): """
        SELECT id FROM ir_attachment attachment
         WHERE id > %s AND res_model = 'crm.lead.phone.call' AND NOT EXISTS (
                   SELECT FROM crm_lead_phone_call WHERE id = attachment.res_id)
    """,
}
# With what belongs to them: how many portraits, the present one and the earlier ones;
# the kinds of the log's entries, without repetitions, after that of a PUT whether it
# made the lead; how many answers are kept, apart from those about phone calls
LEADS = """
    SELECT lead.id, lead.ticket_ref, lead.phone, lead.stage_id, lead.street,
           partner.phone AS contact_phone,
           portrait.partner_id = lead.partner_id AS has_portrait_of_contact,
           ARRAY(SELECT name::text FROM crm_customer_portrait_item
                  WHERE portrait_id = lead.portrait_id ORDER BY name) AS items,
           ARRAY(SELECT ARRAY[product_id, quantity::int] FROM crm_lead_service
                  WHERE lead_id = lead.id ORDER BY product_id) AS services,
           (SELECT count(*) FROM crm_customer_portrait_item item
              JOIN crm_customer_portrait_item own USING (kind, tag_id)
             WHERE own.portrait_id = lead.portrait_id AND kind = 'desire') AS portraits,
           ARRAY(SELECT id FROM mail_message
                  WHERE model = 'crm.lead' AND res_id = lead.id
                        AND message_type = 'comment') AS notes,
           (SELECT count(*) FROM crm_lead_proposal
             WHERE lead_id = lead.id AND subject = 'address') AS proposals,
           ARRAY(SELECT concat_ws(' ', kind, answer::json #>> '{data,created}')
                   FROM crm_lead_api_request
                  WHERE (lead_id = lead.id OR ticket_ref = lead.ticket_ref)
                        AND status = 200 AND is_replayed IS NOT TRUE) AS entries,
           (SELECT count(*) FROM crm_lead_api_answer answer
              JOIN crm_lead_api_request entry ON entry.id = answer.request_id
             WHERE entry.lead_id = lead.id
                   AND entry.kind NOT IN ('phone_call', 'recording')
                   -- With a key an answer is kept by content, too.
                   AND (answer.has_key IS NOT TRUE OR answer.key LIKE 'key %%')
                   AND answer.body::json #>> '{data,id_lead}' = lead.id::text
           ) AS answers
      FROM crm_lead lead
      LEFT JOIN res_partner partner ON partner.id = lead.partner_id
      LEFT JOIN crm_customer_portrait portrait ON portrait.id = lead.portrait_id
     WHERE lead.id > %s
"""
# Of a platform, with the lead of their log entry
MESSAGES = """
    SELECT message.message_ref, message.state, message.lead_id,
           entry.lead_id AS logged_lead_id
      FROM crm_lead_api_message message
      LEFT JOIN crm_lead_api_request entry
             ON entry.id = message.request_id AND entry.status = 200
     WHERE message.id > %s
"""
# With their first call, from whom and to whom it went, the open calls of the lead that
# the salesperson has to make, and the messages that tell somebody of the lead
GIVEN = """
    SELECT lead.id, lead.ticket_ref, lead.phone, lead.user_id, call.state,
           call.user_id AS caller, call.recall_count,
           ARRAY(SELECT ARRAY[former_user_id, user_id] FROM crm_first_call_decision
                  WHERE first_call_id = call.id ORDER BY id) AS decisions,
           ARRAY(SELECT user_id FROM mail_activity
                  WHERE res_model = 'crm.lead' AND res_id = lead.id AND active
           ) AS callers
      FROM crm_lead lead
      JOIN crm_team team ON team.id = lead.team_id AND team.gives_leads_out
      LEFT JOIN crm_first_call call ON call.lead_id = lead.id
     WHERE lead.id > %s
"""
# With whether their lead's customer has arrived; whether the seat's user is to see them
# in the calendar, and does so at the right time: NULL without a meeting
BOOKINGS = """
    SELECT booking.id, lead.ticket_ref, booking.lead_id, booking.state, booking.start,
           booking.stop, booking.seat_id, booking.note, booking.cancel_reason,
           ARRAY(SELECT ARRAY[product_id, quantity::int] FROM crm_booking_service
                  WHERE booking_id = booking.id ORDER BY product_id) AS services,
           lead.first_arrival_date IS NOT NULL AS is_lead_qualified,
           seat.user_id IS NOT NULL AND booking.state NOT IN ('no_show', 'cancelled')
           AS wants_meeting,
           meeting.start = booking.start AND meeting.stop = booking.stop
           AND meeting.user_id = seat.user_id AS has_meeting
      FROM crm_booking booking
      JOIN crm_lead lead ON lead.id = booking.lead_id
      JOIN resource_resource seat ON seat.id = booking.seat_id
      LEFT JOIN calendar_event meeting ON meeting.id = booking.meeting_id
     WHERE booking.id > %s
"""
# Without the constraints of the table, which the torture is to test
OVERLAPS = """
    SELECT one.seat_id, one.id, other.id FROM crm_booking one
      JOIN crm_booking other
        ON other.seat_id = one.seat_id AND other.id > one.id
           AND other.start < one.stop AND other.stop > one.start
     WHERE one.state IN ('booked', 'confirmed', 'arrived')
           AND other.state IN ('booked', 'confirmed', 'arrived')
"""
OPEN_BOOKINGS = """
    SELECT partner_id, array_agg(id) FROM crm_booking
     WHERE state IN ('booked', 'confirmed', 'arrived')
     GROUP BY partner_id, group_id HAVING count(*) > 1
"""
MEETINGS = """
    SELECT meeting_id, array_agg(id) FROM crm_booking
     WHERE meeting_id IS NOT NULL GROUP BY meeting_id HAVING count(*) > 1
"""
# With whether they belong to the lead of their ticket, and to its contact; whether they
# made it contacted; how many lines the lead's chatter has of them; sizes of recordings;
# how many requests made them, as the log says; how many answers are kept
PHONE_CALLS = """
    SELECT call.call_ref, call.direction, call.phone, call.agent_email,
           call.start_date, call.answer_date, call.end_date, call.outcome, call.note,
           call.lead_id = (SELECT max(id) FROM crm_lead
                            WHERE ticket_ref = call.ticket_ref)
           AND call.partner_id = lead.partner_id AS is_of_lead,
           lead.first_contact_date IS NOT NULL AS is_contact,
           (SELECT count(*) FROM mail_message
             WHERE model = 'crm.lead' AND res_id = call.lead_id AND body LIKE '%%☎%%'
           ) AS lines,
           ARRAY(SELECT file_size FROM ir_attachment
                  WHERE res_model = 'crm.lead.phone.call' AND res_id = call.id
           ) AS recordings,
           (SELECT count(*) FROM crm_lead_api_request
             WHERE kind = 'phone_call' AND ticket_ref = call.ticket_ref
                   AND status = 200 AND is_replayed IS NOT TRUE
                   AND answer::json #>> '{data,created}' = 'true') AS creations,
           (SELECT count(*) FROM crm_lead_api_answer answer
              JOIN crm_lead_api_request entry ON entry.id = answer.request_id
             WHERE entry.kind = 'phone_call' AND entry.ticket_ref = call.ticket_ref
                   AND answer.body::json #>> '{data,call_id}' = call.call_ref
           ) AS answers
      FROM crm_lead_phone_call call
      LEFT JOIN crm_lead lead ON lead.id = call.lead_id
     WHERE call.id > %s
"""
EVENTS = """
    SELECT type, ticket_ref, state, message_ref FROM crm_lead_api_event WHERE id > %s
"""
REMINDERS = """
    SELECT (body::json #>> '{data,booking,id_booking}')::int, count(*)
      FROM crm_lead_api_event
     WHERE type = 'booking.reminder_due' GROUP BY 1
"""
