"""The MCP face of the fake Stripe: the hosted server's tools as they are now, and the older generations.

Where each rule is known from is in README.md.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import mcp_types as types

from tests.fakes.stripe_account import Account, StripeError
from tests.fakes.stripe_rest import Act, check_permission, nested

Generation = Literal["hosted", "classic", "other"]
# What a write may be answered with that wants a person.
Person = Literal["", "approval_required", "needs_confirmation"]

CONTEXT = "acct_1FakeBar"
# One account, once in each mode, as an owner's session sees it.
BOTH_MODES = (
    {"stripe_context": "acct_1FakeBarLive", "livemode": True, "name": "Fake Bar"},
    {"stripe_context": CONTEXT, "livemode": False, "name": "Fake Bar"},
)

CLASSIC: dict[str, Act] = {
    "create_product": Account.create_product,
    "create_price": Account.create_price,
    "create_payment_link": Account.create_link_of_price,
}
_TEXT, _FLAG, _OBJECT = {"type": "string"}, {"type": "boolean"}, {"type": "object"}
_DISPATCH = {"stripe_api_operation_id": _TEXT, "parameters": _OBJECT}
_CONTEXT = {"stripe_context": _TEXT, "livemode": _FLAG}
_APPROVAL = {"type": "object", "properties": {"approval_token": _TEXT}, "required": ["approval_token"]}
_ARRAYS = ("line_items", "payment_method_types")


class ArgumentsError(Exception):
    """Arguments that are not of a tool's schema; nothing was done."""


@dataclass
class Tools:
    """The tools of one server.

    Parameters:
        operations: by the name that the hosted tools know them by: method, permission, and what does it.
        permissions: of the key.
        takes_nested: whether the hosted dispatcher takes arrays as JSON arrays, or only a form's flat keys.
        wants_context: whether both hosted tools ask which account is meant.
        contexts: which there are.
        wants_person: what each write is answered with, where a person has to agree.
        asks_further: whether the schema is an older one, which asks for a confirmation in words, and the mode.
    """

    generation: Generation
    operations: Mapping[str, tuple[str, str, Act]]
    permissions: set[str]
    takes_nested: bool = True
    wants_context: bool = False
    contexts: tuple[Mapping[str, Any], ...] = BOTH_MODES
    wants_person: Person = ""
    asks_further: bool = False

    def listed(self) -> list[types.Tool]:
        """Each tool with its schema."""
        return [
            types.Tool(name=name, input_schema={**schema, "additionalProperties": False})
            for name, schema in self._schemas().items()
        ]

    def called(self, name: str, arguments: Mapping[str, Any], account: Callable[[], Account]) -> types.CallToolResult:
        """What a tool answers."""
        try:
            self._check_arguments(name, arguments)
            return _said(json.dumps(self._done(name, arguments, account())))
        except ArgumentsError as error:
            return _said(str(error), is_error=True)
        except StripeError as error:
            return _said(f"Stripe API error: {error}", is_error=True)

    def _schemas(self) -> dict[str, dict[str, Any]]:
        match self.generation:
            case "classic":
                return {name: {"type": "object"} for name in CLASSIC}
            case "other":
                return {"search_stripe_documentation": _schema({"question": _TEXT})}
        read = _DISPATCH | (_CONTEXT if self.wants_context else {})
        if self.asks_further:
            write = _schema(read | {"human_confirmation": _TEXT, "livemode": _FLAG})
        else:
            write = _schema(read, {"human_confirmation": _APPROVAL})
        return {
            "list_available_accounts_or_orgs": _schema({}),
            "search_stripe_documentation": _schema({"question": _TEXT}),
            "stripe_api_search": _schema({"intent": _TEXT}),
            "stripe_api_details": _schema({"stripe_api_operation_id": _TEXT}),
            "stripe_api_read": _schema(read),
            "stripe_api_write": write,
        }

    def _check_arguments(self, name: str, arguments: Mapping[str, Any]) -> None:
        schema = self._schemas().get(name)
        if schema is None:
            raise ArgumentsError(f"Unknown tool: {name}")
        if self.generation == "classic":
            return
        for asked in schema["required"]:
            if asked not in arguments:
                raise ArgumentsError(f"Input validation error: '{asked}' is a required property")
        kinds = {"string": str, "boolean": bool, "object": dict}
        for given, value in arguments.items():
            if given not in schema["properties"]:
                raise ArgumentsError(f"Input validation error: '{given}' was unexpected")
            kind = schema["properties"][given]["type"]
            if not isinstance(value, kinds[kind]):
                raise ArgumentsError(f"Input validation error: {value!r} is not of type '{kind}'")

    def _done(self, tool: str, arguments: Mapping[str, Any], account: Account) -> Any:
        if tool in CLASSIC:
            return CLASSIC[tool](account, arguments)
        if tool == "list_available_accounts_or_orgs":
            return {"accounts": [dict(context) for context in self.contexts]}
        if tool not in ("stripe_api_read", "stripe_api_write"):
            raise StripeError(f"{tool} does nothing here")
        if self.wants_context:
            self._check_context(arguments)
        name, given = arguments["stripe_api_operation_id"], arguments["parameters"]
        if name not in self.operations:
            raise StripeError(f"Unknown operation: {name}")
        method, permission, act = self.operations[name]
        if (method == "GET") != (tool == "stripe_api_read"):
            raise StripeError(f"{name} is not an operation of {tool}")
        check_permission(self.permissions, permission)
        if tool == "stripe_api_write":
            if self.asks_further and arguments["livemode"] is not account.livemode:
                raise StripeError("livemode is not the account's")
            if self.wants_person:
                return {self.wants_person: True, "approval_url": "https://dashboard.stripe.com/approvals/1"}
        if self.takes_nested:
            for array in _ARRAYS:
                if array in given and not isinstance(given[array], list):
                    raise StripeError(f"Invalid array: {array}")
            return act(account, given)
        if any(isinstance(value, dict | list) for value in given.values()):
            raise StripeError("Invalid object")
        return act(account, nested(given))

    def _check_context(self, arguments: Mapping[str, Any]) -> None:
        context = arguments["stripe_context"]
        meant = next((each for each in self.contexts if each["stripe_context"] == context), None)
        if meant is None:
            raise ArgumentsError(
                "No account found for the provided stripe_context and livemode. Use the "
                "list_available_accounts_or_orgs tool to see the accounts you can access."
            )
        if meant["livemode"] is not arguments["livemode"]:
            kind, right = ("live", "true") if meant["livemode"] else ("sandbox", "false")
            raise ArgumentsError(
                f"The provided account {context} is a {kind} account. Retry with livemode set to {right}."
            )


def _schema(required: Mapping[str, Any], optional: Mapping[str, Any] | None = None) -> dict[str, Any]:
    return {"type": "object", "properties": {**required, **(optional or {})}, "required": list(required)}


def _said(text: str, *, is_error: bool = False) -> types.CallToolResult:
    return types.CallToolResult(content=[types.TextContent(type="text", text=text)], is_error=is_error)
