# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""``/<domain>/api/v1/…``: the tenant's name in front changes nothing."""

from odoo.tests import tagged

from ..common import URL, LeadApiHttpCase

# Among them names that Odoo's own routes, or languages, begin with.
DOMAINS = (
    *("phong-kham", "clinic.example.com", "phòng khám", "a%20b", "localhost:8069"),
    *("odoo", "web", "json", "jsonrpc", "xmlrpc", "my", "mail", "api", "v1", "report"),
    *("vi", "vi_VN", "en", "en_US", "static", "scoped_app"),
)

ODOO_TAKES_ALL_BELOW = {"odoo", "json", "report", "scoped_app"}


@tagged("post_install", "-at_install")
class TestUrls(LeadApiHttpCase):
    def test_any_domain(self):
        for domain in DOMAINS:
            with self.subTest(domain):
                self.assertSuccess(self.post(url=f"/{domain}{URL}"))

    def test_any_domain_without_a_token(self):
        for domain in DOMAINS:
            with self.subTest(domain):
                response = self.post(url=f"/{domain}{URL}", token="x")
                self.assertEqual(response.json()["type"], "access_token")
                self.assertEqual(response.status_code, 401)

    def test_any_domain_with_another_method(self):
        for domain in DOMAINS:
            with self.subTest(domain):
                response = self.post(
                    url=f"/{domain}{URL}", method="DELETE", allow_redirects=False
                )
                self.assertError(response, 405, "method_not_allowed")
                allowed = "GET, HEAD, PATCH, POST, PUT"
                self.assertEqual(response.headers["Allow"], allowed)

    def test_any_domain_with_nothing_there(self):
        for domain in set(DOMAINS) - ODOO_TAKES_ALL_BELOW:
            for path in ("/api/v1", "/api/v1/leeds"):
                with self.subTest(domain, path=path):
                    response = self.post(url=f"/{domain}{path}", allow_redirects=False)
                    self.assertError(response, 404, "not_found")

    def test_query_is_no_part_of_the_payload(self):
        response = self.post(
            {}, url=f"{URL}?ticket_id=1&payload=x&domain=y&db=z&debug=1"
        )
        self.assertEqual(response.status_code, 422)
        self.assertIn("ticket_id", [e["field"] for e in response.json()["errors"]])

    def test_no_cookie_is_set(self):
        for case, response in {
            "200": self.post(),
            "401": self.post(token="x"),
            "404": self.post(url=f"{URL}z"),
            "405": self.post(method="DELETE"),
            "422": self.post({}),
        }.items():
            with self.subTest(case):
                self.assertNotIn("Set-Cookie", response.headers)

    def test_wrong_address_leads_to_the_right_one(self):
        for path in (
            *("/api", "/api/", "/api/lead", "/api/leads/", "/api/v2", "/api/v2/lead"),
            *("/clinic/api/v2/lead", "/api/v10/leads?ticket_id=1", "/vi/api/lead"),
        ):
            for method in ("GET", "POST"):
                with self.subTest(path, method=method):
                    response = self.post(url=path, method=method)
                    body = self.assertError(response, 404, "not_found")
                    self.assertIn("POST to /api/v1/lead", body["message"])
                    self.assertNotIn("Set-Cookie", response.headers)

    def test_what_is_not_below_the_api_is_odoos_as_ever(self):
        for path in ("/api/x", "/api/v1leads", "/a/b/api/v1/lead", "/apis", "/x/api"):
            with self.subTest(path):
                response = self.post(url=path)
                self.assertEqual(response.status_code, 404)
                self.assertIn("text/html", response.headers["Content-Type"])
