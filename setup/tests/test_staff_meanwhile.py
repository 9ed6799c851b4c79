# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Staff delete, archive and merge leads in the moment after the answers: no note,
notice or score is lost or doubled."""

import json
import subprocess
from contextlib import contextmanager

from customers import make_payload, send
from faults.check import get_newest
from faults.follow_up import CONTACTS, FOLLOWED_LEADS, make_score, wait_for_queues
from waiting import PATIENCE

OPTIONS = ("--workers=2", "--max-cron-threads=1")
ROUNDS = 15  # in each of which every kind of work is done once
KINDS = ("delete", "archive", "lose", "merge", "merge", "leave")
# Does as staff do with each lead as soon as there is one; with a merge's second lead
# what is to be done with both.
STAFF = """
import time
from psycopg2 import OperationalError
from odoo.exceptions import ConcurrencyError

KINDS, COUNT, NEWEST = {kinds!r}, {count}, {newest}

def work(kind, ids):
    leads = env["crm.lead"].browse(ids)
    if kind == "delete":
        leads.unlink()
    elif kind == "archive":
        leads.action_archive()
    elif kind == "lose":
        leads.action_set_lost()
    elif kind == "merge":
        return leads.merge_opportunity().id

def work_until_done(kind, ids):
    while True:
        try:
            result = work(kind, ids)
            env.cr.commit()
            return result
        except (OperationalError, ConcurrencyError):
            env.cr.rollback()
            env.invalidate_all()

done, waiting, deadline = 0, [], time.monotonic() + {patience}
while done < COUNT and time.monotonic() < deadline:
    env.cr.rollback()
    env.invalidate_all()
    leads = env["crm.lead"].with_context(active_test=False).search(
        [("id", ">", NEWEST)], order="id")
    for lead_id in leads.ids:
        NEWEST = lead_id
        kind = KINDS[done % len(KINDS)]
        done += 1
        ids = [lead_id]
        if kind == "merge":
            waiting.append(lead_id)
            if len(waiting) < 2:
                continue
            ids, waiting = waiting, []
        result = work_until_done(kind, ids)
        print(">>" + "{{}} {{}} {{}}".format(kind, result or 0, ids), flush=True)
    time.sleep(0.001)
"""
LEFT_OVERS = """
    SELECT 'message', id FROM mail_message message
     WHERE model = 'crm.lead' AND res_id > %s
           AND NOT EXISTS (SELECT FROM crm_lead WHERE id = message.res_id)
     UNION ALL
    SELECT 'follower', id FROM mail_followers follower
     WHERE res_model = 'crm.lead' AND res_id > %s
           AND NOT EXISTS (SELECT FROM crm_lead WHERE id = follower.res_id)
"""


@contextmanager
def working(database, newest, count):
    """Let staff work on leads in a process of their own.

    :yield: a function that waits for its end, and returns (kind, result, ids of leads)
    """
    script = STAFF.format(kinds=KINDS, count=count, newest=newest, patience=PATIENCE)
    process = subprocess.Popen(
        database.get_command("shell", "--no-http"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    output = []

    def finish():
        output.append(process.communicate()[0])
        assert process.returncode == 0, output
        lines = [line[2:] for line in output[0].splitlines() if line.startswith(">>")]
        return [
            (kind, int(result), json.loads(ids))
            for kind, result, ids in (line.split(" ", 2) for line in lines)
        ]

    try:
        process.stdin.write(script)
        process.stdin.close()
        process.stdin = None
        yield finish
    finally:
        process.kill()
        process.wait(PATIENCE)


def test_nothing_is_lost_or_doubled(database, server, token, payload):
    make_score(database, make_payload(payload, 1))
    newest = get_newest(database, ("crm_lead", "res_partner"))
    newest_lead = newest["crm_lead"]
    count = ROUNDS * len(KINDS)
    with working(database, newest_lead, count) as finish:
        for number in range(count):
            data = make_payload(payload, 600_000 + number)
            answer = send(server, token, data)
            assert answer.status == 200, answer.body
        done = finish()
    assert wait_for_queues(database, server.is_up)
    assert sum(len(ids) for _kind, _result, ids in done) == count
    leads = {lead.id: lead for lead in database.read(FOLLOWED_LEADS, newest_lead)}
    for kind, result, ids in done:
        if kind == "delete":
            assert not leads.keys() & set(ids)
        elif kind == "merge":
            lead = leads[result]
            assert leads.keys() & set(ids) == {result}
            # Both creation notes; Odoo deletes the notices of the lead that goes.
            assert (lead.notes, lead.notices, lead.notifications) == (2, 1, 1), lead
            assert lead.is_followed
            assert lead.score == lead.probability > 0
        else:
            [lead] = [leads[each] for each in ids]
            assert (lead.notes, lead.notices, lead.notifications) == (1, 1, 1), lead
            assert lead.is_followed
            if kind == "leave":
                # The score depends on the number of leads that were lost before.
                assert lead.score == lead.probability > 0
    assert database.query(LEFT_OVERS, newest_lead, newest_lead) == []
    notes = [
        number for _contact, number in database.query(CONTACTS, newest["res_partner"])
    ]
    assert notes == [1] * count
