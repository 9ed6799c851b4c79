# Copyright 2026 crm_lead_api maintainers
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Use the client as setup/client_cases asks: a JSON object in each line.

``--async`` uses the asynchronous client.
"""

import asyncio
import base64
import inspect
import json
import sys
from collections.abc import AsyncIterator, Iterator

from crm_lead_api_client import (
    Answer,
    AsyncLeadApi,
    LeadApi,
    LeadApiError,
    Retry,
    WebhookVerificationError,
    read_event,
)


def pause(seconds):
    """Let the case decide how long a pause is."""
    print(json.dumps({"pause": seconds}), flush=True)
    sys.stdin.readline()


async def pause_async(seconds):
    pause(seconds)


def make_options(settings, sleep):
    retry = Retry(**settings.pop("retry", {}), sleep=sleep)
    return {**settings, "retry": retry}


def call(settings, method, args, options):
    with LeadApi(**make_options(settings, pause)) as api:
        result = getattr(api, method)(*args, **options)
        return [*result] if isinstance(result, Iterator) else result


async def call_async(settings, method, args, options):
    async with AsyncLeadApi(**make_options(settings, pause_async)) as api:
        result = getattr(api, method)(*args, **options)
        if isinstance(result, AsyncIterator):
            return [item async for item in result]
        return await result if inspect.isawaitable(result) else result


def describe(result):
    if isinstance(result, bytes):
        return {"data": base64.b64encode(result).decode()}
    if not isinstance(result, Answer):
        return {"data": result}
    names = ("data", "etag", "is_replayed", "lead_state", "ignored_fields")
    return {name: getattr(result, name) for name in names}


def serve(command):
    method, args = command["method"], command.get("args", [])
    options = {**command.get("query", {}), **command.get("options", {})}
    if "from" in options:
        options["from_"] = options.pop("from")
    if method == "put_recording":
        args[1] = base64.b64decode(args[1])
    try:
        if method == "read_event":
            return {"answer": {"data": read_event(*args)}}
        if "--async" in sys.argv:
            result = asyncio.run(call_async(command["settings"], method, args, options))
        else:
            result = call(command["settings"], method, args, options)
    except LeadApiError as error:
        names = ("status", "type", "message", "errors", "retry_after", "body")
        return {"error": {name: getattr(error, name) for name in names}}
    except (ValueError, WebhookVerificationError) as error:
        return {"error": {"type": type(error).__name__, "message": str(error)}}
    return {"answer": describe(result)}


for line in sys.stdin:
    print(json.dumps(serve(json.loads(line))), flush=True)
