"""The pipeline: microphone, voice activity, recogniser, bartender, voice and speaker, chained."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipecat.audio.turn.base_turn_analyzer import BaseTurnAnalyzer
from pipecat.audio.turn.smart_turn.local_smart_turn_v3 import LocalSmartTurnAnalyzerV3
from pipecat.audio.vad.silero import SileroVADAnalyzer
from pipecat.audio.vad.vad_analyzer import VADAnalyzer
from pipecat.observers.base_observer import BaseObserver
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineParams, PipelineWorker
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.aggregators.llm_response_universal import LLMAssistantAggregator, LLMUserAggregatorParams
from pipecat.processors.audio.vad_processor import VADProcessor
from pipecat.processors.frame_processor import FrameProcessor
from pipecat.transports.base_transport import BaseTransport
from pipecat.turns.empty_user_turn import EmptyUserTurnConfig
from pipecat.turns.user_mute import BaseUserMuteStrategy
from pipecat.turns.user_turn_strategies import UserTurnStrategies

from kiosk.bartender.notices import Notice
from kiosk.voice.clock import ConversationClock
from kiosk.voice.doorkeeper import Doorkeeper
from kiosk.voice.failover import CloudStage
from kiosk.voice.guards import Guards
from kiosk.voice.guest_words import GuestWords
from kiosk.voice.plain_words import PlainWords
from kiosk.voice.reporter import Caption, Publish, Reporter, VoiceReporter
from kiosk.voice.turns import VAD, CompleteRequestStop, GuestTurnStart, Judge

# A heartbeat passes behind what Maya is saying: the longest answer, a long menu, takes less than a minute.
HEARTBEAT_SECS = 5.0
HUNG_SECS = 90.0


@dataclass(frozen=True)
class Detectors:
    """The models that find a guest's turns in sound. They take 0.1 s to load, and follow one conversation's sound.

    Parameters:
        vad: tells a voice from other sound.
        end_of_turn: tells the end of a turn from a pause.
    """

    vad: VADAnalyzer = field(default_factory=lambda: SileroVADAnalyzer(params=VAD))
    end_of_turn: BaseTurnAnalyzer = field(default_factory=LocalSmartTurnAnalyzerV3)


@dataclass(frozen=True)
class Stages:
    """The three services of the conversation, each in the house or in the cloud, and what finds turns for them.

    Parameters:
        stt: speech to text.
        llm: the bartender.
        tts: text to speech.
        voice_rate: the sample rate of `tts`, Hz; the speaker runs at it, so that nothing is resampled twice.
        cloud: those of the three that are in the cloud, each with a twin in the house.
        detectors: always in the house.
    """

    stt: FrameProcessor
    llm: FrameProcessor
    tts: FrameProcessor
    voice_rate: int
    cloud: tuple[CloudStage, ...] = ()
    detectors: Detectors = field(default_factory=Detectors)


def build(
    transport: BaseTransport,
    stages: Stages,
    *,
    context: LLMContext,
    judge: Judge,
    wants_the_floor: Callable[[str], bool],
    deaf: Sequence[BaseUserMuteStrategy],
    clock: ConversationClock,
    publish: Publish,
    observers: Sequence[BaseObserver],
    app_resources: Any,
    voice_lag_secs: float,
    wake_phrase: str | None,
    guards: Guards,
    traced: bool,
) -> PipelineWorker:
    """The conversation, ready to run.

    Parameters:
        transport: where the guest is heard and Maya sounds.
        context: the conversation's memory, with the tools that the bartender may call.
        judge: says of a guest's words so far whether they are a whole request.
        wants_the_floor: says of words that were said while Maya spoke whether they are to stop her.
        deaf: when the guest is not listened to, for devices that would hear Maya.
        app_resources: what tools find in their call.
        voice_lag_secs: how long after the speaker has taken a piece it is heard.
        wake_phrase: what a guest says to begin; None: anything that is understood.
        guards: what looks at what is said.
        traced: whether each stage's work becomes a span, with what pipecat measures of it.
    """
    caption = Caption()
    turns = UserTurnStrategies(
        start=[GuestTurnStart(wants_the_floor)],
        stop=[CompleteRequestStop(judge, stages.detectors.end_of_turn)],
    )
    guest_words = GuestWords(
        context,
        params=LLMUserAggregatorParams(
            user_turn_strategies=turns,
            user_mute_strategies=list(deaf),
            empty_user_turn=EmptyUserTurnConfig(
                interrupted_prompt=Notice.UNINTELLIGIBLE.value,
                idle_prompt=Notice.UNINTELLIGIBLE.value,
                max_consecutive_recoveries=2,
            ),
        ),
    )
    pipeline = Pipeline(
        [
            transport.input(),
            VADProcessor(vad_analyzer=stages.detectors.vad),
            stages.stt,
            PlainWords(),
            guest_words,
            Doorkeeper(publish, wake_phrase),
            guards.input,
            stages.llm,
            guards.output,
            stages.tts,
            transport.output(),
            VoiceReporter(publish, caption, voice_lag_secs),
            LLMAssistantAggregator(context),
        ]
    )
    return PipelineWorker(
        pipeline,
        params=PipelineParams(
            audio_in_sample_rate=16000,
            audio_out_sample_rate=stages.voice_rate,
            enable_heartbeats=True,
            enable_metrics=traced,
            enable_usage_metrics=traced,
            heartbeats_period_secs=HEARTBEAT_SECS,
            heartbeats_monitor_secs=HUNG_SECS,
        ),
        observers=[Reporter(publish, caption), *observers],
        clock=clock,
        app_resources=app_resources,
        # A kiosk stands idle for hours; pipecat would end the conversation.
        idle_timeout_secs=None,
        enable_rtvi=False,
        enable_tracing=traced,
    )
