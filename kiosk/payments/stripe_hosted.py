"""Stripe's hosted MCP server: one tool that reads and one that writes, each told which operation."""

import re
from collections.abc import Mapping
from typing import Any

from kiosk.payments.mcp_connection import McpConnection, ToolError
from kiosk.payments.provider import PaymentError, PaymentNetworkError, PaymentRefusedError, RateLimitedError
from kiosk.payments.stripe_api import CALL_SECS, Operation, ToolsUnfitError, flattened

READ, WRITE, ACCOUNTS = "stripe_api_read", "stripe_api_write", "list_available_accounts_or_orgs"

# How the hosted server begins what Stripe itself refuses; what begins otherwise is its own.
_STRIPES_WORD = "Stripe API error"
_TOO_OFTEN = re.compile(r"rate.?limit|too many requests", re.IGNORECASE)
_THEIR_FAULT = re.compile(r"internal|unexpected error|temporar|timed? ?out|try again|\b50\d\b", re.IGNORECASE)


class HostedApi:
    """Stripe's operations through the hosted tools.

    Parameters:
        live: whether money moves; also picks the account, where the tools ask for one.
    """

    def __init__(self, connection: McpConnection, live: bool) -> None:
        self._connection = connection
        self._live = live
        self._is_flat = False
        self._context: str | None = None

    async def do(
        self,
        operation: Operation,
        parameters: Mapping[str, Any],
        key: str | None = None,  # noqa: ARG002 - the tools refuse keys
    ) -> dict[str, Any]:
        """See `StripeApi`; the tools have no keys."""
        tool = READ if operation.is_read else WRITE
        schema = (await self._schemas()).get(tool, {})
        if self._is_flat:
            return await self._call(tool, schema, operation, dict(flattened(parameters)))
        try:
            return await self._call(tool, schema, operation, parameters)
        except ToolsUnfitError:
            raise
        except PaymentRefusedError as error:
            # Some dispatchers cannot take nested values. What was refused was not done.
            if not any(isinstance(value, (dict, list)) for value in parameters.values()):
                raise
            first = error
        try:
            answer = await self._call(tool, schema, operation, dict(flattened(parameters)))
        except PaymentRefusedError:
            # The second try may be refused for its own shape; the first reason is the one that counts.
            raise first from None
        self._is_flat = True
        return answer

    async def _schemas(self) -> Mapping[str, Mapping[str, Any]]:
        return self._connection.known_schemas or await self._connection.schemas()

    async def _call(
        self, tool: str, schema: Mapping[str, Any], operation: Operation, parameters: Mapping[str, Any]
    ) -> dict[str, Any]:
        arguments = {"stripe_api_operation_id": operation.name, "parameters": dict(parameters)}
        for name in schema.get("required", ()):
            if name not in arguments:
                arguments[name] = await self._further(name, schema)
        answer = await self._answer(tool, arguments)
        if answer.get("approval_required") or answer.get("needs_confirmation"):
            raise ToolsUnfitError("Stripe's tools want this approved by a person; allow it for the kiosk's key.")
        return answer

    async def _answer(self, tool: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        try:
            return await self._connection.call(tool, arguments, CALL_SECS)
        except ToolError as error:
            raise _classified(str(error)) from None

    async def _further(self, name: str, schema: Mapping[str, Any]) -> Any:
        """What else the tool's schema asks for, as far as the kiosk can know it."""
        match name, schema.get("properties", {}).get(name, {}).get("type"):
            case "livemode", _:
                return self._live
            case "stripe_context", _:
                return await self._the_account()
            case "human_confirmation", "string":
                return "The guest at the kiosk asked to pay."
            case "human_confirmation", "boolean":
                return True
        raise ToolsUnfitError(f"Stripe's tool asks for {name}, which the kiosk does not know.")

    async def _the_account(self) -> str:
        """The context of the one account of this mode; which of several is meant nobody has told the kiosk."""
        if self._context:
            return self._context
        listed = (await self._answer(ACCOUNTS, {})).get("accounts")
        found = [
            account["stripe_context"]
            for account in (listed if isinstance(listed, list) else [])
            if isinstance(account, dict)
            and account.get("livemode") is self._live
            and isinstance(account.get("stripe_context"), str)
        ]
        if len(found) != 1:
            mode = "live" if self._live else "test"
            raise ToolsUnfitError(f"Stripe's tools ask for one account of {mode} mode; the key sees {len(found)}.")
        self._context = str(found[0])
        return self._context


def _classified(text: str) -> PaymentError:
    """What an error text without a status means: asked too often, trouble at Stripe's, or a plain no."""
    if _TOO_OFTEN.search(text):
        return RateLimitedError(text)
    if _THEIR_FAULT.search(text):
        return PaymentNetworkError(text)
    return PaymentRefusedError(text) if text.startswith(_STRIPES_WORD) else ToolsUnfitError(text)
