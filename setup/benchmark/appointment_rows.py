# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Many bookings and phone calls in a database, by SQL: by Odoo they would take days."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

from odoo_database import Database
from psycopg2.extensions import cursor as Cursor
from psycopg2.sql import SQL, Identifier

COMING = 10_000  # bookings to come
# What the rows refer to: leads that were copied, with their contacts, and all seats
PREPARE = """
CREATE TEMP TABLE customer AS
SELECT row_number() OVER (ORDER BY id) - 1 AS number, id AS lead_id, partner_id,
       ticket_ref, phone_key
  FROM crm_lead
 WHERE phone_key LIKE '+843%';
CREATE UNIQUE INDEX ON customer (number);
CREATE TEMP TABLE seat AS
SELECT row_number() OVER (ORDER BY seat.id) - 1 AS number, seat.id, company_id,
       split_part(parent_path, '/', 1)::int AS group_id
  FROM resource_resource AS seat
  JOIN res_company AS company ON company.id = company_id
 WHERE is_seat;
CREATE UNIQUE INDEX ON seat (number);
CREATE TEMP TABLE total AS
SELECT (SELECT count(*) FROM customer) AS customers,
       (SELECT count(*) FROM seat) AS seats;
ANALYZE customer;
ANALYZE seat;
"""
# The first ones are to come, from the third day on, at every other hour: each of a
# customer who has no other. The others fill ten hours of each past day; one of twenty
# was never closed.
BOOKINGS = """
WITH numbered AS (
    SELECT n, n < %(coming)s AS is_coming, n - %(coming)s AS past
      FROM generate_series(0, %(count)s - 1) AS n
), timed AS (
    SELECT numbered.*, n %% seats AS seat_number, past %% 20 = 0 AS is_left_open,
           CASE WHEN is_coming THEN 3 + n / (seats * 5)
                ELSE -1 - past / (seats * 10) END AS day,
           CASE WHEN is_coming THEN n / seats %% 5 * 2
                ELSE past / seats %% 10 END AS hour,
           CASE WHEN is_coming THEN customers - 1 - n
                WHEN past %% 20 = 0 THEN past / 20
                ELSE n * 7919::bigint %% (customers - %(coming)s)
                END AS customer_number
      FROM numbered, total
), placed AS (
    SELECT timed.*,
           %(opening)s + day * interval '1 day' + hour * interval '1 hour' AS start,
           CASE WHEN is_coming OR is_left_open THEN 'booked'
                WHEN past %% 13 = 0 THEN 'no_show'
                WHEN past %% 17 = 0 THEN 'cancelled'
                ELSE 'done' END AS state
      FROM timed
)
INSERT INTO crm_booking (code, lead_id, partner_id, company_id, group_id, seat_id,
                         state, start, stop, duration, reminder_date, reminder_hours,
                         access_token, is_lead_api_test, create_date, write_date)
     SELECT 'BM-' || n, lead_id, partner_id, company_id, group_id, seat.id, state,
            start, start + interval '1 hour', 60,
            CASE WHEN is_coming THEN start - interval '1 day' END,
            CASE WHEN is_coming THEN 24 ELSE 0 END, md5(n::text), false,
            LEAST(start, now() AT TIME ZONE 'utc') - interval '7 days',
            LEAST(start, now() AT TIME ZONE 'utc')
       FROM placed
       JOIN customer ON customer.number = customer_number
       JOIN seat ON seat.number = seat_number
"""
SERVICES = """
INSERT INTO crm_booking_service (booking_id, sequence, company_id, product_id, quantity,
                                 duration, currency_id, price_unit, price_subtotal)
     SELECT booking.id, 0, booking.company_id, line.product_id, 1, 60, line.currency_id,
            line.price_unit, line.price_unit
       FROM crm_booking AS booking,
            (SELECT * FROM crm_lead_service ORDER BY id LIMIT 1) AS line
      WHERE booking.code LIKE 'BM-%'
"""
# In two years, the newest last. Two of three callers are known, others call four times;
# one of fifty withholds the number. Six of ten calls were answered. Customers with a
# booking to come have called once, at the beginning.
CALLS = """
WITH numbered AS (
    SELECT n, n %% 3 > 0 AS is_known, n %% 50 = 7 AS is_withheld, n %% 10 AS kind,
           n / 10 %% 2 = 0 AS is_in, n %% 20 IN (6, 7, 8) AS is_missed,
           n %% 11 > 0 AS is_called_back,
           CASE WHEN n < %(coming)s THEN customers - 1 - n
                ELSE n * 7919::bigint %% (customers - %(coming)s)
                END AS customer_number,
           now() AT TIME ZONE 'utc' - interval '1 hour'
             - (%(count)s - n)::float / %(count)s * interval '700 days' AS start
      FROM generate_series(0, %(count)s - 1) AS n, total
)
INSERT INTO crm_lead_phone_call (
                client_id, call_ref, company_id, direction, phone, phone_key,
                agent_email, agent_id, start_date, answer_date, end_date, duration,
                hour, outcome, is_answered, answered_share, call_type, note, lead_id,
                partner_id, has_account, ticket_ref, is_missed, call_back_deadline,
                called_back_date, is_called_back_late, is_lead_api_test,
                create_uid, write_uid, create_date, write_date)
     SELECT client_id, 'bench-' || n, company_id,
            CASE WHEN is_in THEN 'in' ELSE 'out' END,
            '0' || right(number, -3), number,
            'agent' || n %% 60 || '@example.com',
            CASE WHEN n %% 2 = 0 THEN agent_id END,
            start, CASE WHEN kind < 6 THEN start + interval '10 seconds' END,
            start + interval '1 minute' * (1 + n %% 9),
            CASE WHEN kind < 6 THEN 1 + n %% 9 ELSE 0 END, to_char(start, 'HH24'),
            (ARRAY['answered', 'no_answer', 'busy', 'voicemail', 'callback'])
                [greatest(kind - 4, 1)],
            kind < 6, CASE WHEN kind < 6 THEN 100 ELSE 0 END,
            CASE WHEN n %% 4 = 0 THEN 'Nhắc tái khám' END,
            CASE WHEN n %% 5 = 0 THEN 'Khách hỏi giá dịch vụ, hẹn ' || md5(n::text) END,
            lead_id, partner_id, false, ticket_ref, is_missed,
            CASE WHEN is_missed THEN start + interval '30 minutes' END,
            CASE WHEN is_missed AND is_called_back THEN start + interval '1 hour' END,
            is_missed AND is_called_back, false, 1, 1, start,
            start + interval '10 minutes'
       FROM numbered
       JOIN LATERAL (
            SELECT CASE WHEN is_known THEN lead_id END AS lead_id,
                   CASE WHEN is_known THEN partner_id END AS partner_id,
                   CASE WHEN is_known AND kind < 4 THEN ticket_ref END AS ticket_ref,
                   CASE WHEN is_withheld THEN NULL
                        WHEN is_known THEN phone_key
                        ELSE '+844' || lpad((n / 12)::text, 8, '0') END AS number
              FROM customer
             WHERE customer.number = customer_number
            ) AS caller ON true,
            (SELECT lead_api_client_id AS client_id, company_id, user_id AS agent_id
               FROM crm_lead
              WHERE lead_api_client_id IS NOT NULL
              LIMIT 1) AS lead
"""


def fill_appointments(database: Database, bookings: int, calls: int, opening) -> None:
    """Make bookings and phone calls, and analyze the tables.

    :param int bookings: ``COMING`` or more, for these are the first
    :param datetime opening: when the clinic opens today, in naive UTC
    """
    with closing(database.connect()) as connection, connection:
        cursor = connection.cursor()
        cursor.execute(PREPARE)
        values = {"opening": opening, "coming": COMING}
        with without_checks(cursor, "crm_booking"):
            cursor.execute(BOOKINGS, {**values, "count": bookings})
        with without_checks(cursor, "crm_booking_service"):
            cursor.execute(SERVICES)
        with without_checks(cursor, "crm_lead_phone_call"):
            cursor.execute(CALLS, {**values, "count": calls})
        for table in ("crm_booking", "crm_booking_service", "crm_lead_phone_call"):
            cursor.execute(SQL("ANALYZE {}").format(Identifier(table)))


@contextmanager
def without_checks(cursor: Cursor, table: str) -> Iterator[None]:
    """Drop the indexes and the foreign keys of a table, and make them anew: that is
    faster than to keep them up to date with each row."""
    cursor.execute(
        """
        SELECT format('DROP INDEX %%s', indexrelid::regclass),
               pg_get_indexdef(indexrelid)
          FROM pg_index
         WHERE indrelid = %(table)s::regclass
           AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
     UNION ALL
        SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass,
                      conname),
               format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass,
                      conname, pg_get_constraintdef(oid))
          FROM pg_constraint
         WHERE conrelid = %(table)s::regclass AND contype = 'f'
        """,
        {"table": table},
    )
    checks = cursor.fetchall()
    for drop, _create in checks:
        cursor.execute(drop)
    yield
    for _drop, create in checks:
        cursor.execute(create)
