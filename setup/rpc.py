# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Call methods of Odoo as its web client does."""

import httpx
from waiting import PATIENCE


def call_odoo(port, database, model, method, *args, login="admin"):
    """Call a method as a browser does.

    :param login: of a user of the demo data, whose password is the same
    """
    url = f"http://localhost:{port}"
    with httpx.Client(base_url=url, timeout=PATIENCE) as client:

        def call(path, **params):
            answer = client.post(path, json={"params": params}).json()
            assert "error" not in answer, answer
            return answer.get("result")  # none for None

        user = {"db": database.name, "login": login, "password": login}
        call("/web/session/authenticate", **user)
        path = f"/web/dataset/call_kw/{model}/{method}"
        return call(path, model=model, method=method, args=args, kwargs={})
