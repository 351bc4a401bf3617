"""Stripe on loopback: an account behind an MCP server, in both generations of its tools, and a REST interface.

    python -m tests.fakes.stripe --port 4242 --pay-when-made 5

speaks to the real clients with the key `KEY`; every link is paid so many seconds after it was made.
"""

import argparse
import contextlib
import json
import threading
from collections.abc import Iterator, Mapping
from typing import Any

import mcp_types as types
from mcp.server.lowlevel import Server
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, compile_path
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tests.fakes.faults import Fault, Faults, Held, Kind
from tests.fakes.server import Fake, Running
from tests.fakes.stripe_account import Account, PageClosedError
from tests.fakes.stripe_rest import Act, Asked, RestFace
from tests.fakes.stripe_tools import BOTH_MODES, Generation, Person, Tools

KEY = "rk_test_fake"
LIVE_KEY = "rk_live_fake"

EXPIRE = "PostCheckoutSessionsSessionExpire"
# What the hosted tools call an operation, where it is by REST, and what a restricted key needs for it.
OPERATIONS: dict[str, tuple[str, str, str, Act]] = {
    "PostPaymentLinks": ("POST", "/v1/payment_links", "rak_payment_link_write", Account.create_link),
    "PostPaymentLinksPaymentLink": ("POST", "/v1/payment_links/{id}", "rak_payment_link_write", Account.update_link),
    "GetPaymentLinks": ("GET", "/v1/payment_links", "rak_payment_link_read", Account.list_links),
    "GetPaymentLinksPaymentLink": ("GET", "/v1/payment_links/{id}", "rak_payment_link_read", Account.link),
    "GetCheckoutSessions": ("GET", "/v1/checkout/sessions", "rak_checkout_session_read", Account.list_sessions),
    EXPIRE: ("POST", "/v1/checkout/sessions/{id}/expire", "rak_checkout_session_write", Account.expire_session),
}
BY_REST_ONLY = {EXPIRE}
# What the kiosk's key is to have.
PERMISSIONS = frozenset(["rak_payment_link_write", "rak_checkout_session_write"])


class FakeStripe(Fake):
    """A server on a port of its own, from `with` to its end.

    Parameters:
        tools: which generation of tools the MCP server offers; "other": none that makes links.
        livemode: whether it takes live keys, and moves money.
        takes_nested, wants_context, contexts, wants_person, asks_further: see `Tools`.
        permissions: of its restricted key.
        port: 0: a free one.

    Attributes:
        account: what it keeps; also what a guest's phone can do.
        mcp_status: what the MCP server answers to everything, where it is away or does not like the key.
    """

    def __init__(
        self,
        tools: Generation = "hosted",
        *,
        livemode: bool = False,
        takes_nested: bool = True,
        wants_context: bool = False,
        contexts: tuple[Mapping[str, Any], ...] = BOTH_MODES,
        wants_person: Person = "",
        asks_further: bool = False,
        permissions: frozenset[str] = PERMISSIONS,
        port: int = 0,
    ) -> None:
        self.account = Account(livemode)
        self.livemode = livemode
        self.key = LIVE_KEY if livemode else KEY
        self.mcp_status: int | None = None
        self.permissions = set(permissions)
        self._rest = RestFace(self.permissions)
        offered = {
            name: (method, needed, act)
            for name, (method, _, needed, act) in OPERATIONS.items()
            if name not in BY_REST_ONLY
        }
        self._tools = Tools(
            tools, offered, self.permissions, takes_nested, wants_context, contexts, wants_person, asks_further
        )
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

    @property
    def asked_by_rest(self) -> list[Asked]:
        """What came by REST, with its key and version."""
        return self._rest.asked

    def break_down(self, *, made: bool, times: int = 1) -> None:
        """Have the next requests by REST that carry a key end in an error that is saved under it; see `RestFace`."""
        self._rest.break_down(made=made, times=times)

    def begin_anew(self) -> None:
        """An empty account, and nothing that goes wrong."""
        self.account = Account(self.livemode)
        self.mcp_status = None
        self._rest.forget()
        self._faults.forget()

    def go_right(self) -> None:
        """No fault that was planned happens any more."""
        self._faults.forget()

    def _served(self, port: int) -> Running:
        return Running(self._app(), port)

    def _app(self) -> ASGIApp:
        server: Server[Any] = Server("stripe", on_list_tools=self._list_tools, on_call_tool=self._call_tool)
        app = server.streamable_http_app()
        for name, (method, path, needed, act) in OPERATIONS.items():
            answer = self._rest.handler(name, needed, act, lambda: self.account)
            app.router.routes.append(Route(path, answer, methods=[method]))
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
            if scope["type"] != "http":
                await app(scope, receive, send)
            elif self.mcp_status and scope["path"] == "/mcp":
                await Response(status_code=self.mcp_status)(scope, receive, send)
            elif Request(scope).headers.get("authorization") != f"Bearer {self.key}":
                told = {"type": "invalid_request_error", "message": "Invalid API Key provided: rk_test_*****"}
                await JSONResponse({"error": told}, status_code=401)(scope, receive, send)
            else:
                await app(scope, receive, send)

        return served

    async def _list_tools(self, _context: object, _params: object) -> types.ListToolsResult:
        return types.ListToolsResult(tools=self._tools.listed())

    async def _call_tool(self, _context: object, params: types.CallToolRequestParams) -> types.CallToolResult:
        return self._tools.called(params.name, params.arguments or {}, lambda: self.account)


def _step_of(method: str, path: str, body: bytes) -> str:
    if path == "/mcp":
        if method == "GET":
            return "stream"
        asked = json.loads(body)
        if asked["method"] != "tools/call":
            return asked["method"]
        params = asked["params"]
        return (params.get("arguments") or {}).get("stripe_api_operation_id") or params["name"]
    for name, (verb, pattern, _, _) in OPERATIONS.items():
        if verb == method and compile_path(pattern)[0].match(path):
            return name
    return path


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
