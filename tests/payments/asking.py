"""A kiosk's process that asks for a payment link, and is killed while it does."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pydantic import SecretStr

from kiosk.payments.checkout import Checkout
from kiosk.payments.stripe_mcp import StripeMCPClient
from kiosk.settings import Settings
from kiosk.state.store import open_store
from tests.fakes.stripe import FakeStripe


def ask_to_pay(store_url: str, session_id: str, addresses: dict[str, str]) -> None:
    """In a process: ask for the visit's link, and then stand there until killed."""
    asyncio.run(_ask(store_url, session_id, addresses))


async def _ask(store_url: str, session_id: str, addresses: dict[str, str]) -> None:
    settings = Settings(
        stripe_secret_key=SecretStr(addresses["key"]),
        stripe_mcp_url=addresses["mcp"],
        stripe_api_url=addresses["rest"],
        stripe_live=True,
    )
    with open_store(store_url) as store:
        # Nobody has killed it yet, so it must not give up by itself.
        payments = StripeMCPClient(test_mode=False, settings=settings, timeout=120.0)
        await Checkout(session_id, store, payments, lambda event: None).open_link("The bar")
        await asyncio.Event().wait()


@contextmanager
def asking(processes: Any, store_url: str, session_id: str, fake: FakeStripe) -> Iterator[Any]:
    """A process that asks, until the end of this or until it is killed."""
    addresses = {"key": fake.key, "mcp": fake.mcp_url, "rest": fake.url}
    process = processes.Process(target=ask_to_pay, args=(store_url, session_id, addresses), daemon=True)
    process.start()
    try:
        yield process
    finally:
        process.kill()
        process.join()
