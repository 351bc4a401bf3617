"""Where each answer's time goes, for who looks into it: pipecat's spans, sent to a collector by OTLP over HTTP.

The extra `trace` has the packages; a kiosk that does not trace imports none of them.
"""

import importlib.util
import logging
from collections.abc import Callable

from loguru import logger

PACKAGES = ("opentelemetry.sdk", "opentelemetry.exporter")
HOW = "uv sync --inexact --no-dev --extra trace"
MISSED = f"KIOSK_TRACING is set, but the packages for it are not installed, so nothing is traced: {HOW}"
# A collector that does not answer holds nothing up but the end of the kiosk.
PATIENCE_SECS = 2.0


def start(address: str | None, kiosk: str, *, transcripts: bool) -> Callable[[], None] | None:
    """Send spans to `address` from now on; once in a process. None where that cannot be, or is not asked for.

    Parameters:
        address: of the collector, without a path, as "http://localhost:4318".
        kiosk: its name, which each span bears.
        transcripts: whether what is said, asked and answered may be in spans.

    Returns:
        What sends the last of them and ends it.
    """
    if not address:
        return None
    if not all(importlib.util.find_spec(package) for package in PACKAGES):
        logger.warning(MISSED)
        return None
    from opentelemetry import propagate, trace
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.propagators.composite import CompositePropagator
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    from kiosk.spans import DiscreetExporter

    # It would say of every batch twice that it failed; the exporter of ours says it once.
    logging.getLogger("opentelemetry.exporter").setLevel(logging.CRITICAL)
    provider = TracerProvider(
        resource=Resource.create({"service.name": "maya-kiosk", "service.instance.id": kiosk}),
        shutdown_on_exit=False,
    )
    exporter = OTLPSpanExporter(endpoint=f"{address}/v1/traces", timeout=PATIENCE_SECS)
    provider.add_span_processor(BatchSpanProcessor(DiscreetExporter(exporter, transcripts=transcripts)))
    trace.set_tracer_provider(provider)
    # MCP would send the span's number along to the payment service, which is none of its business.
    propagate.set_global_textmap(CompositePropagator([]))
    return provider.shutdown
