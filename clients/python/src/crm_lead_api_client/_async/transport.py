# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Send requests to the lead API, again if need be."""

from datetime import date
from types import TracebackType
from typing import Any

import httpx
from tenacity import AsyncRetrying
from typing_extensions import Self

from ..answer import Answer, LeadApiError, parse
from ..retry import Retry


class AsyncTransport:
    """Send requests with the token, until they are answered.

    :param url: of Odoo, such as ``https://odoo.example.com``
    :param token: of the client
    :param database: the name of the database, on a server with several
    :param language: of messages, ``en`` or ``vi``
    :param timeout: how long an answer may take, in seconds
    :param retry: how often a request is sent, and after which pauses
    :param http: a client of httpx with settings of yours, such as a proxy
    """

    def __init__(
        self,
        url: str,
        token: str,
        *,
        database: str | None = None,
        language: str | None = None,
        timeout: float = 60,
        retry: Retry | None = None,
        http: httpx.AsyncClient | None = None,
    ):
        self._url = url.rstrip("/")
        self._headers = {
            "Authorization": f"Bearer {token}",
            "User-Agent": "crm-lead-api-client (Python)",
            **({"X-Odoo-Database": database} if database else {}),
            **({"Accept-Language": language} if language else {}),
        }
        self._timeout = timeout
        self._retry = retry or Retry()
        self._http = http or httpx.AsyncClient()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def send(
        self,
        method: str,
        path: str,
        *,
        query: dict[str, Any] | None = None,
        body: Any = None,
        content: bytes | None = None,
        headers: dict[str, str | None] | None = None,
    ) -> Answer[Any]:
        """Send a request to any address of the API, such as one of another addon.

        Values that are ``None`` are not sent, except in the body. Give a request that
        writes an ``Idempotency-Key``: it may be sent several times.

        :param body: sent in JSON
        :param content: sent as it is, instead of a body, with its ``Content-Type`` in
            the headers
        :raise LeadApiError: the API refuses it, or does not answer
        """
        request = self._http.build_request(
            method,
            self._url + path,
            params=_without_none(query),
            json=body,
            content=content,
            headers={**self._headers, **_without_none(headers)},
            timeout=self._timeout,
        )
        async for attempt in AsyncRetrying(**self._retry.to_options()):
            with attempt:
                return parse(await self._send_once(request))
        raise AssertionError("tenacity ends with an answer or an error")

    async def _send_once(self, request):
        try:
            return await self._http.send(request)
        except httpx.UnsupportedProtocol:
            raise
        except (httpx.TransportError, httpx.DecodingError) as error:
            text = f"{type(error).__name__} {error}".strip()
            raise LeadApiError(0, "connection", text) from error


def _without_none(values):
    return {
        name: each.isoformat() if isinstance(each, date) else each
        for name, each in (values or {}).items()
        if each is not None
    }
