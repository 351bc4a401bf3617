"""A client of the fake Stripe on a time that the tests move, for tests of payments over the real protocol."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from typing import Any

from pydantic import SecretStr

from kiosk.payments.simulated import SimulatedPayments
from kiosk.payments.stripe_mcp import StripeMCPClient
from kiosk.payments.stripe_ways import By
from kiosk.settings import Settings
from tests.fakes.stripe import FakeStripe
from tests.fakes.stripe_account import Account


def settings_for(fake: FakeStripe, key: str | None = None, *, by: By = "mcp", **others: Any) -> Settings:
    """Of a kiosk whose Stripe is `fake`."""
    return Settings(
        stripe_by=by,
        stripe_secret_key=SecretStr(key or fake.key),
        stripe_mcp_url=fake.mcp_url,
        stripe_api_url=fake.url,
        stripe_live=fake.livemode,
        **others,
    )


class Desk:
    """A fake Stripe and its client; nobody waits between tries, but `pauses` says how long it would be.

    Parameters:
        by: how Stripe is asked.
        timeout: seconds that all tries together may take; those are real.
    """

    def __init__(self, fake: FakeStripe, by: By = "mcp", **options: Any) -> None:
        self.fake = fake
        self.pauses: list[float] = []
        self.skipped = 0.0
        self.simulated = SimulatedPayments(None)
        self.client = StripeMCPClient(
            **{"test_mode": not fake.livemode, "settings": settings_for(fake, by=by), **options},
            simulated=self.simulated,
            sleep=self.sleep,
            clock=self.now,
        )

    @property
    def account(self) -> Account:
        return self.fake.account

    async def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.skipped += seconds
        await asyncio.sleep(0)

    def now(self) -> float:
        return time.monotonic() + self.skipped

    def half_a_minute_later(self) -> None:
        """What was known of the availability is old now."""
        self.skipped += 31.0


@contextlib.asynccontextmanager
async def a_desk(fake: FakeStripe | None = None, **options: Any) -> AsyncIterator[Desk]:
    """A desk at `fake`, which runs only for it unless it was running before."""
    fake = fake or FakeStripe()
    with contextlib.nullcontext() if fake.is_there else fake:
        desk = Desk(fake, **options)
        try:
            yield desk
        finally:
            await desk.client.close()
