"""What is read of an answer, however much is sent: a megabyte, and nothing that could grow when it is unpacked."""

from collections.abc import AsyncIterator

import httpx2

# A hundred payment links, which is the most that Stripe lists at once, are a quarter of it.
MOST_BYTES = 1_000_000
# A sentence of somebody else's that is kept, logged or told.
MOST_CHARACTERS = 300

# To be sent with each request.
UNPACKED = {"Accept-Encoding": "identity"}


class TooMuchError(httpx2.TransportError):
    """An answer is longer than anything that was asked for, or packed although it was asked for as it is."""


async def bounded(response: httpx2.Response) -> None:
    """A hook for responses: whoever reads more than `MOST_BYTES` of one gets an error instead.

    A stream of events is as long as its connection; its reader bounds each event.

    Raises:
        TooMuchError: it is known already that there is too much.
    """
    if response.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise TooMuchError("the answer is packed")
    if response.headers.get("content-type", "").lower().startswith("text/event-stream"):
        return
    assert isinstance(response.stream, httpx2.AsyncByteStream)
    response.stream = _Bounded(response.stream)


class _Bounded(httpx2.AsyncByteStream):
    def __init__(self, stream: httpx2.AsyncByteStream) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        left = MOST_BYTES
        async for piece in self._stream:
            left -= len(piece)
            if left < 0:
                raise TooMuchError(f"the answer is longer than {MOST_BYTES} bytes")
            yield piece

    async def aclose(self) -> None:
        await self._stream.aclose()


def sentence(text: object) -> str:
    """`text` as one line of no great length."""
    return " ".join(str(text)[: 2 * MOST_CHARACTERS].split())[:MOST_CHARACTERS]
