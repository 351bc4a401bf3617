"""Spans as they may leave the kiosk: without secrets, and without anybody's words unless the operator wants them.

pipecat's spans bear what was heard and said, the whole conversation, the prompt and the tools' definitions; an error in
one bears its message. All these are texts, so that a text goes out only where its name says that it is something else.
"""

from collections.abc import Mapping, Sequence

from loguru import logger
from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from opentelemetry.trace import Status
from opentelemetry.util.types import AttributeValue

from kiosk.security.redaction import redacted

# Names of attributes with a text that is nobody's words.
NO_WORDS = frozenset(
    {
        "conversation.id",
        "conversation.type",
        "exception.type",
        "gen_ai.operation.name",
        "gen_ai.output.type",
        "gen_ai.provider.name",
        "gen_ai.request.model",
        "language",
        "settings.model",
        "turn.type",
        "voice_id",
    }
)


class DiscreetExporter(SpanExporter):
    """Hands to another exporter what may be known.

    Parameters:
        exporter: sends them.
        transcripts: whether words may be among it; secrets never are.
    """

    def __init__(self, exporter: SpanExporter, *, transcripts: bool) -> None:
        self._exporter = exporter
        self._transcripts = transcripts
        self._is_refused = False

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Send `spans`, each as it may be; that they are not taken is said once, until they are again."""
        result = self._exporter.export([self._discreet(span) for span in spans])
        was_refused, self._is_refused = self._is_refused, result is not SpanExportResult.SUCCESS
        if self._is_refused and not was_refused:
            logger.warning("the collector at KIOSK_TRACING does not take what is traced; it is dropped")
        return result

    def shutdown(self) -> None:
        """Send nothing more."""
        self._exporter.shutdown()

    def force_flush(self, timeout_millis: int = 30000) -> bool:
        """Whether all was sent."""
        return self._exporter.force_flush(timeout_millis)

    def _discreet(self, span: ReadableSpan) -> ReadableSpan:
        said = span.status.description if self._transcripts else None
        return ReadableSpan(
            name=span.name,
            context=span.context,
            parent=span.parent,
            resource=span.resource,
            attributes=self._attributes(span.attributes),
            events=[Event(event.name, self._attributes(event.attributes), event.timestamp) for event in span.events],
            kind=span.kind,
            instrumentation_scope=span.instrumentation_scope,
            status=Status(span.status.status_code, redacted(said) if said else None),
            start_time=span.start_time,
            end_time=span.end_time,
        )

    def _attributes(self, attributes: Mapping[str, AttributeValue] | None) -> dict[str, AttributeValue]:
        return {
            name: _without_secrets(value)
            for name, value in (attributes or {}).items()
            if self._transcripts or name in NO_WORDS or isinstance(value, bool | int | float)
        }


def _without_secrets(value: AttributeValue) -> AttributeValue:
    if isinstance(value, str):
        return redacted(value)
    if isinstance(value, Sequence):
        return [redacted(each) if isinstance(each, str) else each for each in value]  # type: ignore[return-value]
    return value
