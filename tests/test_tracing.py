"""What a collector of OpenTelemetry is sent, by OTLP itself: where the time goes, and nobody's words or secrets."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from loguru import logger
from opentelemetry import trace
from opentelemetry.propagate import inject
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor, SpanExportResult
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import Status, StatusCode

from kiosk import tracing
from kiosk.settings import SettingsError, load_settings
from kiosk.spans import DiscreetExporter
from tests.evening import WRITTEN, Evening
from tests.fakes.collector import FakeCollector
from tests.fakes.gemini import FakeGemini

ROOT = Path(__file__).parents[1]
CARD = "4242 4242 4242 4242"
KEY = "sk_test_51Habcdefghijklmnop"
LINK = "https://buy.stripe.com/test_abcdefgh"
OF_THE_CONVERSATION = [b"fashioned", b"martini", b"Maya", b"add_to_order", b"Right."]


def sent(*, transcripts: bool):
    """A span as pipecat makes them, as it is handed on."""
    kept = InMemorySpanExporter()
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(DiscreetExporter(kept, transcripts=transcripts)))
    with provider.get_tracer("pipecat").start_as_current_span("llm") as span:
        span.set_attribute("gen_ai.request.model", "gemini-3.6-flash")
        span.set_attribute("metrics.ttfb", 0.4)
        span.set_attribute("stream", True)
        span.set_attribute("input", f'[{{"role": "user", "parts": [{{"text": "a beer, my card is {CARD}"}}]}}]')
        span.set_attribute("gen_ai.system_instructions", "You are Maya.")
        span.set_attribute("of some later version", "a beer")
        span.set_attribute("texts", ["a beer", KEY])
        span.record_exception(ValueError(f"no beer with {KEY}"))
        span.set_status(Status(StatusCode.ERROR, f"ValueError: no beer at {LINK}"))
    (span,) = kept.get_finished_spans()
    return span


def test_without_transcripts_no_text_is_sent_that_may_be_somebodys_words():
    span = sent(transcripts=False)
    assert dict(span.attributes or {}) == {
        "gen_ai.request.model": "gemini-3.6-flash",
        "metrics.ttfb": 0.4,
        "stream": True,
    }
    assert [dict(event.attributes or {}) for event in span.events] == [{"exception.type": "ValueError"}]
    assert (span.status.status_code, span.status.description) == (StatusCode.ERROR, None)
    assert "beer" not in span.to_json()


def test_with_transcripts_words_are_sent_and_secrets_are_not():
    told = sent(transcripts=True).to_json()
    assert "a beer, my card is" in told
    assert "You are Maya." in told
    assert "no beer with" in told
    assert not any(secret in told for secret in (CARD, KEY, LINK))


class Collecting(InMemorySpanExporter):
    """Takes what it is sent, or not."""

    result = SpanExportResult.SUCCESS

    def export(self, spans):
        super().export(spans)
        return self.result


def test_a_collector_that_is_away_is_said_once_until_it_was_back():
    told: list[str] = []
    heard = logger.add(lambda message: told.append(message.record["message"]), level="WARNING")
    collecting = Collecting()
    exporter = DiscreetExporter(collecting, transcripts=False)
    counts = []
    for collecting.result in (SpanExportResult.FAILURE, SpanExportResult.FAILURE, SpanExportResult.SUCCESS) * 2:
        exporter.export([])
        counts.append(len(told))
    logger.remove(heard)
    assert counts == [1, 1, 1, 2, 2, 2]


async def test_a_conversation_is_sent_turn_by_turn_and_stage_by_stage_without_a_word_of_it(cache_dir, caplog):
    with FakeCollector() as collector, FakeGemini() as brain:
        end = tracing.start(collector.url, "bar-1", transcripts=False)
        assert end
        provider = trace.get_tracer_provider()
        assert isinstance(provider, TracerProvider)
        whole = InMemorySpanExporter()
        provider.add_span_processor(SimpleSpanProcessor(whole))
        with provider.get_tracer("mcp").start_as_current_span("tools/call"):
            carrier: dict[str, str] = {}
            inject(carrier)
        await Evening(cache_dir, WRITTEN[:1], brain=brain, traced=True).hold()
        end()
    assert carrier == {}, "a service of others is told of the trace"
    assert {"conversation", "turn", "llm", "stt", "tts"} <= {span.name for span in collector.spans}
    assert collector.senders[0].items() >= {"service.name": "maya-kiosk", "service.instance.id": "bar-1"}.items()
    (conversation,) = (span for span in collector.spans if span.name == "conversation")
    turns = [span for span in collector.spans if span.name == "turn"]
    assert {turn.parent_span_id for turn in turns} == {conversation.span_id}
    assert {span.trace_id for span in collector.spans if span.name != "tools/call"} == {conversation.trace_id}
    answers = [{each.key for each in span.attributes} for span in collector.spans if span.name == "llm"]
    assert all(names >= {"gen_ai.request.model", "metrics.ttfb"} for names in answers)
    assert any("fashioned" in span.to_json() for span in whole.get_finished_spans()), "there is nothing to leave out"
    assert not [word for word in OF_THE_CONVERSATION if word in collector.raw]
    assert not caplog.records


def test_a_kiosk_without_the_packages_says_what_to_install_and_serves():
    script = "from kiosk import tracing; print(tracing.start('http://localhost:4318', 'bar-1', transcripts=False))"
    hidden = f"{os.environ.get('TESTS_HIDDEN_MODULES', '')} opentelemetry.sdk opentelemetry.exporter"
    environment = os.environ | {"PYTHONPATH": str(ROOT / "tests" / "bare"), "TESTS_HIDDEN_MODULES": hidden}
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stdout == "None\n"
    (line,) = done.stderr.splitlines()
    assert line.endswith("so nothing is traced: uv sync --inexact --no-dev --extra trace")


def test_a_kiosk_that_does_not_trace_imports_none_of_it():
    script = (
        "import sys; from kiosk import tracing; tracing.start(None, 'bar-1', transcripts=False); "
        "print([name for name in sys.modules if name.startswith('opentelemetry')])"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize(
    ("setting", "address"),
    [
        ("off", None),
        ("", None),
        ("http://localhost:4318", "http://localhost:4318"),
        ("https://otel.bar.example/", "https://otel.bar.example"),
    ],
)
def test_the_address_is_a_collectors_or_off(monkeypatch, setting, address):
    monkeypatch.setenv("KIOSK_TRACING", setting)
    assert load_settings().tracing == address


@pytest.mark.parametrize(
    ("setting", "why"),
    [
        ("localhost:4318", "neither off nor an address like http://localhost:4318"),
        ("http://localhost:4318/v1/traces", "neither off nor an address"),
        ("http://localhost:4317", "port 4317 is a collector's for gRPC"),
    ],
)
def test_another_address_is_refused_in_a_line(monkeypatch, setting, why):
    monkeypatch.setenv("KIOSK_TRACING", setting)
    with pytest.raises(SettingsError, match=rf"^KIOSK_TRACING: .*{why}"):
        load_settings()
