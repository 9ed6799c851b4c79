# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Queries for what is in the database, of which the check compares the rows."""

from odoo_database import READ_FIRST_CALLS

# What is left to be done: events; meetings and reminders of bookings; messages; first
# calls, each of which is recalled once
WAITING = """
    SELECT type, lead_id, coalesce(error, '') FROM crm_lead_api_event
     WHERE state = 'waiting'
     UNION ALL
    SELECT 'meeting', id, '' FROM crm_booking WHERE is_meeting_outdated
     UNION ALL
    SELECT 'reminder', id, '' FROM crm_booking
     WHERE reminder_date <= now() AT TIME ZONE 'utc'
           AND start > now() AT TIME ZONE 'utc' AND state IN ('booked', 'confirmed')
     UNION ALL
    SELECT 'message', id, '' FROM crm_lead_api_message WHERE state = 'waiting'
     UNION ALL
    SELECT 'first call', id, '' FROM crm_first_call
     WHERE state = 'waiting' OR (state = 'given' AND coalesce(recall_count, 0) = 0)
"""
# What each lead should have once, and has more often or not at all: creation note,
# message that tells somebody of it, notification of its salesperson, who follows it and
# nobody else, score. Those that are given out have others.
FOLLOW_UP = """
    SELECT lead.id, part, number FROM crm_lead lead
      LEFT JOIN res_users agent ON agent.id = lead.user_id
     CROSS JOIN LATERAL (
           SELECT 'creation note', count(*) FROM mail_message
            WHERE model = 'crm.lead' AND res_id = lead.id
                  AND subtype_id = (SELECT res_id FROM ir_model_data
                                     WHERE module = 'crm' AND name = 'mt_lead_create')
            UNION ALL
           SELECT 'notice', count(*) FROM mail_message
            WHERE model = 'crm.lead' AND res_id = lead.id
                  AND message_type = 'user_notification'
            UNION ALL
           SELECT 'notification of the salesperson', count(*) FROM mail_message message
             JOIN mail_notification told ON told.mail_message_id = message.id
            WHERE model = 'crm.lead' AND res_id = lead.id
                  AND message_type = 'user_notification'
                  AND told.res_partner_id = agent.partner_id
            UNION ALL
           SELECT 'follower', (ARRAY(SELECT partner_id FROM mail_followers
                                      WHERE res_model = 'crm.lead' AND res_id = lead.id
                               ) = ARRAY[agent.partner_id])::int
            UNION ALL
           SELECT 'score ' || score, (abs(score - %s) < 0.01)::int
             FROM (VALUES (coalesce(lead.automated_probability, 0)),
                          (coalesce(lead.probability, 0))) AS scores (score)
           ) AS parts (part, number)
     WHERE lead.id > %s AND number != 1
           AND (lead.team_id IN (SELECT id FROM crm_team WHERE gives_leads_out))
           IS NOT TRUE
     ORDER BY lead.id
"""
DOUBLED_CONTACTS = """
    SELECT phone, count(*) FROM res_partner
     WHERE id > %s AND phone IS NOT NULL GROUP BY phone HAVING count(*) > 1
"""
# What belongs to a row which is not there, by name: table, condition, the table of the
# other row, and what links it
ORPHANS = {
    "contact": ("res_partner", "true", "crm_lead", "partner_id = own.id"),
    # The portrait before a change stays, and the log has the change.
    "portrait": (
        "crm_customer_portrait",
        """(SELECT count(*) FROM crm_customer_portrait
             WHERE partner_id = own.partner_id AND id <= own.id
                   AND id NOT IN (SELECT portrait_id FROM crm_lead
                                   WHERE portrait_id IS NOT NULL))
        > (SELECT count(*) FROM crm_lead_api_request
            WHERE partner_id = own.partner_id AND changes ? 'customer_portrait')""",
        *("crm_lead", "portrait_id = own.id"),
    ),
    "word of portraits": (
        *("crm_customer_portrait_tag", "true"),
        *("crm_customer_portrait_item", "tag_id = own.id"),
    ),
    # The phone may ring before there is a lead.
    "log entry": (
        "crm_lead_api_request",
        "status = 200 AND (lead_id IS NOT NULL OR kind != 'phone_call')",
        *("crm_lead", "id = own.lead_id"),
    ),
    "kept answer": (
        *("crm_lead_api_answer", "(body IS NULL OR request_id IS NOT NULL)"),
        "crm_lead_api_request",
        "id = own.request_id AND own.body IS NOT NULL"
        " AND (lead_id IS NOT NULL OR kind = 'phone_call')",
    ),
    "message": ("mail_message", "model = 'crm.lead'", "crm_lead", "id = own.res_id"),
    "booking": ("crm_booking", "true", "crm_booking_service", "booking_id = own.id"),
    "meeting": ("calendar_event", "true", "crm_booking", "meeting_id = own.id"),
    "recording": (
        *("ir_attachment", "res_model = 'crm.lead.phone.call'"),
        *("crm_lead_phone_call", "id = own.res_id"),
    ),
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
# Leads that a team gives out
GIVEN = f"""{READ_FIRST_CALLS} > %s
    AND lead.team_id IN (SELECT id FROM crm_team WHERE gives_leads_out)
"""  # noqa: S608
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
# How many creation notes contacts have
CONTACTS = """
    SELECT partner.id, count(message.id) FROM res_partner partner
      LEFT JOIN mail_message message
             ON model = 'res.partner' AND res_id = partner.id
                AND message_type = 'notification'
     WHERE partner.id > %s GROUP BY partner.id HAVING count(message.id)
"""
# What is never there: the list of the findings, a text for the columns of each row, the
# query; with a table it asks about new rows of it
NEVER = (
    ("doubled", "{1} contacts have the phone {0}", DOUBLED_CONTACTS, "res_partner"),
    ("doubled", "contact {} has {} creation notes", f"{CONTACTS} > 1", "res_partner"),
    ("half_made", "contact {} lacks: creation note", f"{CONTACTS} = 0", "res_partner"),
    ("doubled", "seat {} is taken by bookings {} and {}", OVERLAPS, ""),
    ("doubled", "contact {} has open bookings: {}", OPEN_BOOKINGS, ""),
    ("half_made", "meeting {} belongs to bookings {}", MEETINGS, ""),
    ("half_made", "{} of {} still waits: {}", WAITING, ""),
    *(
        (
            *("half_made", f"{name} {{}} belongs to nothing"),
            f"SELECT own.id FROM {table} own WHERE own.id > %s AND {condition}"  # noqa: S608
            f" AND NOT EXISTS (SELECT FROM {other} WHERE {link})",
            table,
        )
        for name, (table, condition, other, link) in ORPHANS.items()
    ),
)
