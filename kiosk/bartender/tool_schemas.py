"""The tools as a language model is told of them."""

from pipecat.adapters.llm.schemas.function_schema import FunctionSchema
from pipecat.adapters.llm.schemas.tools_schema import ToolsSchema

from kiosk import tips

_ITEM = {"type": "string", "description": "The drink's name as on the menu, without modifiers."}


def _set_tip(offered: tips.Tips) -> FunctionSchema:
    choice = tips.listed(offered)
    return FunctionSchema(
        "set_tip",
        f"Set the tip to {choice} per cent of the tab, in place of the one before; null takes the tip off.",
        {"percentage": {"type": "integer", "nullable": True, "description": f"{choice}; null for none."}},
        ["percentage"],
    )


_TOOLS = (
    FunctionSchema("get_menu", "The whole menu with prices and what can be done to each drink.", {}, []),
    FunctionSchema(
        "get_recommendation",
        "One to three drinks that suit what the guest is in the mood for.",
        {"preference": {"type": "string", "description": 'In the guest\'s words, e.g. "something strong".'}},
        ["preference"],
    ),
    FunctionSchema(
        "add_to_order_with_balance",
        "Put a drink on the guest's tab. Once for each kind of drink, and only when it was ordered. "
        "Where it answers CHOICE_REQUIRED, ask the guest that question, and call it again with the answer.",
        {
            "item_name": _ITEM,
            "modifiers": {
                "type": "array",
                "items": {"type": "string"},
                "description": (
                    'How the guest wants it: modifiers, size, choices, e.g. ["large", "neat"]; leave out for plain. '
                    'One that is counted as often as it is wanted: ["extra shot", "extra shot"].'
                ),
            },
            "quantity": {"type": "integer", "description": "How many of them, 1 to 99.", "minimum": 1},
            "without": {
                "type": "array",
                "items": {"type": "string"},
                "description": 'What is to be left out, e.g. ["mint"].',
            },
            "note": {
                "type": "string",
                "nullable": True,
                "description": "A wish that the menu does not know, for the bar; only where it takes notes.",
            },
        },
        ["item_name"],
    ),
    FunctionSchema(
        "remove_from_order",
        "Take a drink off the tab; its price goes back to the balance.",
        {
            "item_name": {
                "type": "string",
                "description": 'The drink\'s name; as "dirty Martini" where several differ by their modifiers.',
            },
            "quantity": {
                "type": "integer",
                "description": "How many; leave out for all of them.",
                "minimum": 1,
            },
        },
        ["item_name"],
    ),
    FunctionSchema("clear_order", "Take everything off the tab; the money goes back to the balance.", {}, []),
    FunctionSchema("get_order", "What is on the tab, line by line.", {}, []),
    FunctionSchema("get_balance", "What the guest has left to spend, and the tab.", {}, []),
    _set_tip(tips.DEFAULT),
    FunctionSchema("get_tip", "The tip, the tab and the total.", {}, []),
    FunctionSchema(
        "create_stripe_payment",
        "Show the guest a link, as a QR code on the screen, to pay the tab and tip. Never read the link out.",
        {},
        [],
    ),
    FunctionSchema("check_payment_status", "Whether the payment has arrived.", {}, []),
    FunctionSchema(
        "pay_at_bar",
        "Leave the tab to the staff, for a guest who pays in cash or at the bar: it stays open, and a code is void.",
        {},
        [],
    ),
    FunctionSchema(
        "call_staff",
        "Call the staff to the guest, who wants a person, needs help, is under age or says that a payment is wrong.",
        {"reason": {"type": "string", "description": 'In a few words, e.g. "wants to speak to somebody".'}},
        ["reason"],
    ),
)

# What a call may name; whatever else a model makes up, a price say, never reaches a tool.
PARAMETERS = {tool.name: tuple(tool.properties) for tool in _TOOLS}
PARAMETERS["add_to_order"] = PARAMETERS["add_to_order_with_balance"]
# The house calls it where it understands what a guest says of his age; no language model is told of it.
OF_THE_HOUSE: dict[str, tuple[str, ...]] = {"serve_no_alcohol": ()}

# These change nothing. Every other tool has an effect.
READ_ONLY = frozenset({"get_menu", "get_recommendation", "get_order", "get_balance", "get_tip"})


def tools_schema(offered: tips.Tips) -> ToolsSchema:
    """All tools, for a bar that offers these tips; `add_to_order`, the older name, is understood but not advertised."""
    return ToolsSchema(standard_tools=[_set_tip(offered) if tool.name == "set_tip" else tool for tool in _TOOLS])
