"""The stages of the conversation, as this kiosk is set up: in the cloud where there is a key, else in the house."""

from pathlib import Path
from typing import TYPE_CHECKING, cast

from pipecat.pipeline.llm_switcher import LLMSwitcher
from pipecat.processors.filters.identity_filter import IdentityFilter
from pipecat.processors.frame_processor import FrameProcessor
from pipecat.services.llm_service import LLMService

from kiosk.bartender.house_brain import HouseBartender, HouseBrainLLMService
from kiosk.bartender.knowledge import Knowledge
from kiosk.bartender.prompts import language_name, system_prompt
from kiosk.bartender.tool_calls import register_tools
from kiosk.menu import Menu
from kiosk.money import USD, Currency
from kiosk.settings import Settings
from kiosk.voice import language_model
from kiosk.voice.cloud_packages import CARTESIA, GEMINI, usable_keys
from kiosk.voice.espeak import SAMPLE_RATE
from kiosk.voice.espeak_tts import EspeakTTSService
from kiosk.voice.failover import CloudStage, Failover, SwitchedStage
from kiosk.voice.pipeline import Detectors, Stages
from kiosk.voice.recognizer import Recognizer
from kiosk.voice.reporter import Publish
from kiosk.voice.sphinx_stt import SphinxSTTService
from kiosk.voice.spoken_language import Speaks
from kiosk.voice.stt.open_ear import OpenEar, open_ear_of

if TYPE_CHECKING:
    from kiosk.voice.cartesia_stt import CartesiaEars
    from kiosk.voice.cartesia_tts import CartesiaVoice
    from kiosk.voice.gemini import GeminiBartender


def stages_of(settings: Settings, menu: Menu, publish: Publish, recognizer: Recognizer | None = None) -> Stages:
    """The stages in the cloud that have a usable key, each with its twin in the house; the others in the house.

    Parameters:
        recognizer: as `house_stages` takes it.
    """
    recognizer = recognizer or Recognizer(language_model.build(menu, settings.cache_dir))
    open_ear = open_ear_of(settings, menu)
    cloud: list[CloudStage] = []
    stt: FrameProcessor
    tts: FrameProcessor
    usable = usable_keys(settings)

    def speaks() -> str:
        return settings.language if any(stage.name == "llm" and stage.in_cloud for stage in cloud) else "en"

    if CARTESIA in usable:
        stt = ears_of(settings, menu, recognizer, publish, open_ear)
        tts = voice_of(settings, publish, menu.bar.currency, speaks)
        cloud += [stt.stage, tts.stage]
    else:
        stt, tts = SphinxSTTService(recognizer, open_ear), EspeakTTSService(currency=menu.bar.currency, speaks=speaks)
    knowledge = Knowledge.beside(settings.menu)
    bartender = HouseBartender(menu, knowledge)
    house = _house_brain(bartender)
    if GEMINI not in usable:
        return Stages(stt, house, tts, SAMPLE_RATE, tuple(cloud))
    gemini = gemini_of(settings, menu, bartender, knowledge, publish)
    register_tools(gemini)
    switcher = LLMSwitcher(cast(list[LLMService], [gemini, house]), Failover)
    cloud.append(SwitchedStage("llm", switcher, gemini.is_back, publish))
    return Stages(stt, switcher, tts, SAMPLE_RATE, tuple(cloud))


# The cloud's libraries take a second to import and may be missing: only where there is a key.


def gemini_of(
    settings: Settings,
    menu: Menu,
    house: HouseBartender,
    knowledge: Knowledge | None = None,
    publish: Publish = lambda _event: None,
) -> "GeminiBartender":
    """Gemini as `settings` have it, with the house's bartender at hand; there has to be a key."""
    from kiosk.voice.gemini import GeminiBartender, Telling

    assert settings.gemini_api_key
    key = settings.gemini_api_key.get_secret_value()
    prompt = system_prompt(menu, language_name(settings.language))
    telling = Telling(knowledge, settings.gemini_embedding_model, settings.cache_dir) if knowledge else None
    return GeminiBartender(
        key,
        settings.gemini_model,
        prompt,
        house,
        settings.gemini_base_url,
        telling,
        settings.gemini_fallback_model,
        settings.gemini_second_request_secs,
        publish,
    )


def ears_of(
    settings: Settings, menu: Menu, recognizer: Recognizer, publish: Publish, open_ear: OpenEar | None = None
) -> "CartesiaEars":
    """Cartesia's ears as `settings` have them; there has to be a key."""
    from kiosk.voice.cartesia_stt import CartesiaEars

    assert settings.cartesia_api_key
    key = settings.cartesia_api_key.get_secret_value()
    names = [item.name for item in menu.items]
    return CartesiaEars(key, settings.cartesia_url, names, recognizer, publish, settings.language, open_ear)


def voice_of(
    settings: Settings, publish: Publish, currency: Currency = USD, speaks: Speaks | None = None
) -> "CartesiaVoice":
    """Cartesia's voice as `settings` have it; there has to be a key."""
    from kiosk.voice.cartesia_tts import CartesiaVoice

    assert settings.cartesia_api_key
    key = settings.cartesia_api_key.get_secret_value()
    voice, language = settings.cartesia_voice_id, settings.language
    return CartesiaVoice(key, settings.cartesia_url, voice, publish, language, currency, speaks)


def house_stages(
    menu: Menu,
    cache_dir: Path,
    knowledge: Knowledge | None = None,
    *,
    recognizer: Recognizer | None = None,
    open_ear: OpenEar | None = None,
) -> Stages:
    """The stages that need no key and no network.

    Parameters:
        knowledge: what Maya can tell.
        cache_dir: where the recogniser's model of `menu` is kept between starts.
        recognizer: of `menu`, that was loaded before; None: it is loaded now, in 0.3 s.
        open_ear: Whisper, where it hears beside it.
    """
    return Stages(
        stt=SphinxSTTService(recognizer or Recognizer(language_model.build(menu, cache_dir)), open_ear),
        llm=_house_brain(HouseBartender(menu, knowledge)),
        tts=EspeakTTSService(currency=menu.bar.currency),
        voice_rate=SAMPLE_RATE,
    )


def written_stages(menu: Menu, knowledge: Knowledge | None = None, detectors: Detectors | None = None) -> Stages:
    """The stages for a guest who writes: those of the house, and nothing that listens.

    Parameters:
        detectors: that were loaded before, for any number of such guests; None: they are loaded now.
    """
    return Stages(
        stt=IdentityFilter(),
        llm=_house_brain(HouseBartender(menu, knowledge)),
        tts=EspeakTTSService(currency=menu.bar.currency),
        voice_rate=SAMPLE_RATE,
        detectors=detectors or Detectors(),
    )


def _house_brain(bartender: HouseBartender) -> HouseBrainLLMService:
    service = HouseBrainLLMService(bartender)
    register_tools(service)
    return service
