"""An OpenTelemetry collector on loopback: OTLP over HTTP, in protobuf, as the specification has it.

https://opentelemetry.io/docs/specs/otlp/#otlphttp
"""

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.fakes.server import Fake, Running

PROTOBUF = "application/x-protobuf"


class FakeCollector(Fake):
    """A server on a port of its own, from `with` to its end.

    Attributes:
        spans: all it was sent, oldest first.
        senders: the attributes of those who sent them.
        raw: every byte it was sent.
    """

    def __init__(self, *, port: int = 0) -> None:
        self.spans: list[Span] = []
        self.senders: list[dict[str, str]] = []
        self.raw = b""
        super().__init__(port)

    @property
    def url(self) -> str:
        """What an operator sets."""
        return f"http://127.0.0.1:{self._port}"

    def _served(self, port: int) -> Running:
        return Running(Starlette(routes=[Route("/v1/traces", self._take, methods=["POST"])]), port)

    async def _take(self, request: Request) -> Response:
        if request.headers.get("content-type") != PROTOBUF:
            return Response(status_code=415)
        body = await request.body()
        self.raw += body
        for told in ExportTraceServiceRequest.FromString(body).resource_spans:
            self.senders.append({each.key: each.value.string_value for each in told.resource.attributes})
            self.spans += [span for scope in told.scope_spans for span in scope.spans]
        return Response(ExportTraceServiceResponse().SerializeToString(), media_type=PROTOBUF)
