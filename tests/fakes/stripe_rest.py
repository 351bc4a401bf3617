"""The REST face of the fake Stripe: what it asks of a request before the account sees it, and keys that replay.

Where each rule is known from is in README.md.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.fakes.stripe_account import Account, StripeError

# Those that exist and that a kiosk may pin.
VERSIONS = frozenset(["2026-02-25.clover", "2026-07-29.dahlia", "2026-09-30.endive"])
MOST_KEY_CHARACTERS = 255

Act = Callable[[Account, Mapping[str, Any]], Any]


@dataclass(frozen=True)
class Asked:
    """What a request carried in its headers."""

    step: str
    key: str | None
    version: str | None


@dataclass(frozen=True)
class _Saved:
    request: tuple[str, Mapping[str, str]]
    status: int
    body: Any


@dataclass
class RestFace:
    """What a restricted key can ask by REST.

    Parameters:
        permissions: of the key; "…_write" can also read.

    Attributes:
        asked: every request that came as far as this, in order.
    """

    permissions: set[str]
    asked: list[Asked] = field(default_factory=list)
    _saved: dict[str, _Saved] = field(default_factory=dict)
    _breakdowns: list[bool] = field(default_factory=list)

    def break_down(self, *, made: bool, times: int = 1) -> None:
        """Have the next requests with a key end in an error of Stripe's own, which is saved under the key.

        Parameters:
            made: whether it had done by then what was asked.
        """
        self._breakdowns += [made] * times

    def forget(self) -> None:
        """No key was ever used, and nothing breaks down."""
        self.asked.clear()
        self._saved.clear()
        self._breakdowns.clear()

    def handler(self, step: str, permission: str, act: Act, account: Callable[[], Account]) -> Any:
        """What answers the requests for one operation."""

        async def answer(request: Request) -> Response:
            key = request.headers.get("idempotency-key")
            self.asked.append(Asked(step, key, request.headers.get("stripe-version")))
            try:
                given = await self._checked(request, permission)
                if key is None or request.method != "POST":
                    return JSONResponse(act(account(), given))
                return self._once(key, request.url.path, given, lambda: act(account(), given))
            except StripeError as error:
                return _refused(error)

        return answer

    async def _checked(self, request: Request, permission: str) -> dict[str, Any]:
        version, body = request.headers.get("stripe-version"), (await request.body()).decode()
        if version is not None and version not in VERSIONS:
            raise StripeError(f"Invalid Stripe API version: {version}")
        if body and request.headers.get("content-type") != "application/x-www-form-urlencoded":
            raise StripeError(
                "Invalid request (check that your POST content type is application/x-www-form-urlencoded)."
            )
        check_permission(self.permissions, permission)
        flat = dict(request.query_params) if request.method == "GET" else dict(parse_qsl(body, keep_blank_values=True))
        return {**nested(flat), **request.path_params}

    def _once(self, key: str, path: str, given: Mapping[str, Any], act: Callable[[], Any]) -> Response:
        if len(key) > MOST_KEY_CHARACTERS:
            raise StripeError("Idempotency-Key is too long; it may have 255 characters.")
        if saved := self._saved.get(key):
            if saved.request[0] != path:
                raise StripeError(
                    f"Keys for idempotent requests can only be used for the same endpoint they were first used for "
                    f"('{path}' vs '{saved.request[0]}').",
                    kind="idempotency_error",
                )
            if saved.request[1] != given:
                raise StripeError(
                    "Keys for idempotent requests can only be used with the same parameters they were first used "
                    f"with. Try using a key other than '{key}' if you meant to execute a different request.",
                    kind="idempotency_error",
                )
            headers = {"idempotent-replayed": "true"}
            if saved.status >= 500:
                headers["stripe-should-retry"] = "false"
            return JSONResponse(saved.body, saved.status, headers)
        if self._breakdowns:
            if self._breakdowns.pop(0):
                act()
            body, status = {"error": {"type": "api_error", "message": "An unknown error occurred"}}, 500
        else:
            # What fails validation raises here, and is not saved.
            body, status = json.loads(json.dumps(act())), 200
        self._saved[key] = _Saved((path, given), status, body)
        return JSONResponse(body, status)


def check_permission(permissions: set[str], needed: str) -> None:
    """Raise what Stripe says to a restricted key that lacks a permission."""
    if not permissions & {needed, needed.replace("_read", "_write")}:
        raise StripeError(
            "The provided key 'rk_test_*********fake' does not have the required permissions for this endpoint on "
            f"account 'acct_1FakeBar'. Having the '{needed}' permission would allow this request to continue.",
            status=403,
        )


def nested(flat: Mapping[str, Any]) -> dict[str, Any]:
    """ "a[b][0]" as a form writes it, as {"a": {"b": {"0": …}}}."""
    found: dict[str, Any] = {}
    for key, value in flat.items():
        first, *rest = key.replace("]", "").split("[")
        place = found
        for name, following in zip([first, *rest], [*rest, None], strict=True):
            if following is None:
                place[name] = value
            else:
                place = place.setdefault(name, {})
    return found


def _refused(error: StripeError) -> Response:
    told = {"type": error.kind, "message": str(error)} | ({"code": error.code} if error.code else {})
    return JSONResponse({"error": told}, error.status)
