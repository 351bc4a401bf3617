"""Stripe on loopback: an account behind an MCP server, in both generations of its tools, and a REST interface.

    python -m tests.fakes.stripe --port 4242 --pay-when-made 5

speaks to the real clients with the key `KEY`; every link is paid so many seconds after it was made.
"""

import argparse
import contextlib
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal
from urllib.parse import parse_qsl

import mcp_types as types
from mcp.server.lowlevel import Server
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, compile_path
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tests.fakes.faults import Fault, Faults, Held, Kind
from tests.fakes.server import Fake, Running
from tests.fakes.stripe_account import Account, PageClosedError, StripeError

KEY = "rk_test_fake"
LIVE_KEY = "rk_live_fake"

Generation = Literal["hosted", "classic", "other"]
Act = Callable[[Account, Mapping[str, Any]], Any]

# What the hosted tools call an operation, and where it is by REST.
OPERATIONS: dict[str, tuple[str, str, Act]] = {
    "PostPaymentLinks": ("POST", "/v1/payment_links", Account.create_link),
    "PostPaymentLinksPaymentLink": ("POST", "/v1/payment_links/{id}", Account.update_link),
    "GetPaymentLinks": ("GET", "/v1/payment_links", Account.list_links),
    "GetPaymentLinksPaymentLink": ("GET", "/v1/payment_links/{id}", Account.link),
    "GetCheckoutSessions": ("GET", "/v1/checkout/sessions", Account.list_sessions),
    "PostCheckoutSessionsSessionExpire": ("POST", "/v1/checkout/sessions/{id}/expire", Account.expire_session),
}
BY_REST_ONLY = {"PostCheckoutSessionsSessionExpire"}
CLASSIC: dict[str, Act] = {
    "create_product": Account.create_product,
    "create_price": Account.create_price,
    "create_payment_link": Account.create_link_of_price,
}


class FakeStripe(Fake):
    """A server on a port of its own, from `with` to its end.

    Parameters:
        tools: which generation of tools the MCP server offers; "other": none that makes links.
        livemode: whether it takes live keys, and moves money.
        takes_nested: whether the hosted dispatcher can take nested parameters, or only flat ones.
        wants_approval: whether it answers each write that a person has to approve it.
        asks_further: whether its schema asks for "human_confirmation" and "livemode", too.
        port: 0: a free one.

    Attributes:
        account: what it keeps; also what a guest's phone can do.
    """

    def __init__(
        self,
        tools: Generation = "hosted",
        *,
        livemode: bool = False,
        takes_nested: bool = True,
        wants_approval: bool = False,
        asks_further: bool = False,
        port: int = 0,
    ) -> None:
        self.account = Account(livemode)
        self.livemode = livemode
        self.key = LIVE_KEY if livemode else KEY
        self._tools = tools
        self._takes_nested = takes_nested
        self._wants_approval = wants_approval
        self._asks_further = asks_further
        self._faults = Faults(_step_of)
        super().__init__(port)

    @property
    def is_there(self) -> bool:
        """Whether it answers."""
        return self._server is not None

    @property
    def url(self) -> str:
        """Of the REST interface."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def mcp_url(self) -> str:
        """Of the MCP server."""
        return f"{self.url}/mcp"

    @property
    def steps(self) -> list[str]:
        """What was asked for, one name for each request: an operation, a classic tool, or an MCP method."""
        return self._faults.steps

    def go_wrong(self, step: str, kind: Kind, *, times: int = 1, secs: float = 60.0) -> None:
        """Have a fault happen at the next requests for `step`."""
        self._faults.plan(Fault(step, kind, times, secs))

    def hold(self, step: str) -> Held:
        """Have the next request for `step` wait until it is told to act and to answer."""
        return self._faults.hold(step)

    def begin_anew(self) -> None:
        """An empty account, and nothing that goes wrong."""
        self.account = Account(self.livemode)
        self._faults.forget()

    def go_right(self) -> None:
        """No fault that was planned happens any more."""
        self._faults.forget()

    def _served(self, port: int) -> Running:
        return Running(self._app(), port)

    def _app(self) -> ASGIApp:
        server: Server[Any] = Server("stripe", on_list_tools=self._list_tools, on_call_tool=self._call_tool)
        app = server.streamable_http_app()
        for method, path, act in OPERATIONS.values():
            app.router.routes.append(Route(path, self._by_rest(act), methods=[method]))
        return self._faults.around(self._with_key(self._mangled(app)))

    def _mangled(self, app: ASGIApp) -> ASGIApp:
        async def served(scope: Scope, receive: Receive, send: Send) -> None:
            async def pass_on(message: Message) -> None:
                if message["type"] == "http.response.start":
                    # A mangled body has another length.
                    kept = [header for header in message["headers"] if header[0].lower() != b"content-length"]
                    message = {**message, "headers": kept}
                elif message.get("body"):
                    message = {**message, "body": self.mangle(message["body"])}
                await send(message)

            await app(scope, receive, pass_on if scope["type"] == "http" else send)

        return served

    def _with_key(self, app: ASGIApp) -> ASGIApp:
        async def served(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "http" and Request(scope).headers.get("authorization") != f"Bearer {self.key}":
                refusal = JSONResponse({"error": {"message": "Invalid API Key provided"}}, status_code=401)
                await refusal(scope, receive, send)
            else:
                await app(scope, receive, send)

        return served

    def _by_rest(self, act: Act) -> Callable[[Request], Any]:
        async def answer(request: Request) -> Response:
            given = dict(request.query_params) | dict(parse_qsl((await request.body()).decode()))
            try:
                done = act(self.account, {**_nested(given), **request.path_params})
            except StripeError as error:
                return JSONResponse({"error": {"type": "invalid_request_error", "message": str(error)}}, 400)
            return JSONResponse(done)

        return answer

    async def _list_tools(self, _context: object, _params: object) -> types.ListToolsResult:
        if self._tools == "classic":
            tools = [_tool(name, {}) for name in CLASSIC]
        elif self._tools == "other":
            tools = [_tool("get_stripe_account_info", {})]
        else:
            asked = {"human_confirmation": {"type": "string"}, "livemode": {"type": "boolean"}}
            further = asked if self._asks_further else {}
            dispatch = {"stripe_api_operation_id": {"type": "string"}, "parameters": {"type": "object"}}
            tools = [
                _tool("get_stripe_account_info", {}),
                _tool("stripe_api_read", dispatch),
                _tool("stripe_api_write", dispatch | further),
            ]
        return types.ListToolsResult(tools=tools)

    async def _call_tool(self, _context: object, params: types.CallToolRequestParams) -> types.CallToolResult:
        try:
            answer = self._done(params.name, params.arguments or {})
        except StripeError as error:
            return _said(f"Stripe API error: {error}", is_error=True)
        return _said(json.dumps(answer))

    def _done(self, tool: str, arguments: Mapping[str, Any]) -> Any:
        if self._tools == "classic":
            return CLASSIC[tool](self.account, arguments)
        name, given = arguments["stripe_api_operation_id"], arguments["parameters"]
        if name not in OPERATIONS.keys() - BY_REST_ONLY:
            raise StripeError(f"Unknown operation: {name}")
        if (OPERATIONS[name][0] == "GET") != (tool == "stripe_api_read"):
            raise StripeError(f"{name} is not an operation of {tool}")
        if tool == "stripe_api_write":
            if self._asks_further and not (
                arguments.get("human_confirmation") and arguments.get("livemode") is self.account.livemode
            ):
                raise StripeError("human_confirmation and livemode are required")
            if self._wants_approval:
                return {"approval_required": True, "approval_url": "https://dashboard.stripe.com/approvals/1"}
        if not self._takes_nested and any(isinstance(value, dict | list) for value in given.values()):
            raise StripeError("Invalid object")
        return OPERATIONS[name][2](self.account, _nested(given))


def _step_of(method: str, path: str, body: bytes) -> str:
    if path == "/mcp":
        if method == "GET":
            return "stream"
        asked = json.loads(body)
        if asked["method"] != "tools/call":
            return asked["method"]
        params = asked["params"]
        return params["arguments"].get("stripe_api_operation_id") or params["name"]
    for name, (verb, pattern, _) in OPERATIONS.items():
        if verb == method and compile_path(pattern)[0].match(path):
            return name
    return path


def _nested(flat: Mapping[str, Any]) -> dict[str, Any]:
    """ "a[b][0]" as a form writes it, as {"a": {"b": {"0": …}}}."""
    nested: dict[str, Any] = {}
    for key, value in flat.items():
        first, *rest = key.replace("]", "").split("[")
        place = nested
        for name, following in zip([first, *rest], [*rest, None], strict=True):
            if following is None:
                place[name] = value
            else:
                place = place.setdefault(name, {})
    return nested


def _tool(name: str, properties: dict[str, Any]) -> types.Tool:
    schema = {"type": "object", "properties": properties, "required": list(properties)}
    return types.Tool(name=name, input_schema=schema)


def _said(text: str, *, is_error: bool = False) -> types.CallToolResult:
    return types.CallToolResult(content=[types.TextContent(type="text", text=text)], is_error=is_error)


@contextlib.contextmanager
def paying_phones(account: Account, after_secs: float) -> Iterator[None]:
    """Until the end of this, guests who pay each link some seconds after it was made."""
    over = threading.Event()

    def watch() -> None:
        due: dict[str, threading.Timer] = {}
        while not over.wait(0.1):
            for link in list(account.links):
                if link not in due:
                    due[link] = threading.Timer(after_secs, pay, (link,))
                    due[link].start()
        for timer in due.values():
            timer.cancel()

    def pay(link: str) -> None:
        with contextlib.suppress(PageClosedError):
            account.pay_link(link)

    watching = threading.Thread(target=watch, name="phones")
    watching.start()
    try:
        yield
    finally:
        over.set()
        watching.join()


def main() -> None:
    """Serve until interrupted, and print what happens."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=4242)
    parser.add_argument("--tools", choices=("hosted", "classic"), default="hosted")
    parser.add_argument("--pay-when-made", type=float, metavar="SECS", help="guests pay each link after so long")
    options = parser.parse_args()
    with contextlib.ExitStack() as running:
        fake = running.enter_context(FakeStripe(options.tools, port=options.port))
        if options.pay_when_made is not None:
            running.enter_context(paying_phones(fake.account, options.pay_when_made))
        print(f"STRIPE_SECRET_KEY={fake.key} STRIPE_MCP_URL={fake.mcp_url} STRIPE_API_URL={fake.url}", flush=True)
        told, paid = 0, 0
        with contextlib.suppress(KeyboardInterrupt):
            while not threading.Event().wait(0.2):
                for step in fake.steps[told:]:
                    print(step, flush=True)
                    told += 1
                for charge in fake.account.charges[paid:]:
                    print(f"paid: {charge.link}, {charge.amount} {charge.currency}", flush=True)
                    paid += 1


if __name__ == "__main__":
    main()
