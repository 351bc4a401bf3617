"""The stages of the conversation, as this kiosk is set up: in the cloud where there is a key, else in the house."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

from pipecat.pipeline.llm_switcher import LLMSwitcher
from pipecat.services.llm_service import LLMService

from kiosk.bartender.house_brain import HouseBrainLLMService
from kiosk.bartender.prompts import system_prompt
from kiosk.bartender.tools import register_tools
from kiosk.menu import Menu
from kiosk.settings import Settings
from kiosk.voice import language_model
from kiosk.voice.espeak import SAMPLE_RATE
from kiosk.voice.espeak_tts import EspeakTTSService
from kiosk.voice.failover import Failover, Twins
from kiosk.voice.pipeline import Stages
from kiosk.voice.recognizer import Recognizer
from kiosk.voice.reporter import Publish
from kiosk.voice.sphinx_stt import SphinxSTTService

if TYPE_CHECKING:
    from kiosk.voice.gemini import GeminiBartender


def stages_of(settings: Settings, menu: Menu, publish: Publish) -> Stages:
    """The stages in the cloud that have a key, each with its twin in the house; the others in the house alone."""
    house = house_stages(menu, settings.cache_dir)
    if settings.gemini_api_key is None:
        return house
    cloud = gemini_of(settings, menu)
    register_tools(cloud)
    switcher = LLMSwitcher(cast(list[LLMService], [cloud, house.llm]), Failover)
    return replace(house, llm=switcher, twins=(Twins("llm", switcher, cloud.is_back, publish),))


def gemini_of(settings: Settings, menu: Menu) -> "GeminiBartender":
    """Gemini as `settings` have it; there has to be a key."""
    # Google's library takes a second to import: only where there is a key.
    from kiosk.voice.gemini import GeminiBartender

    assert settings.gemini_api_key
    key = settings.gemini_api_key.get_secret_value()
    return GeminiBartender(key, settings.gemini_model, system_prompt(menu), settings.gemini_base_url)


def house_stages(menu: Menu, cache_dir: Path) -> Stages:
    """The stages that need no key and no network.

    Parameters:
        cache_dir: where the recogniser's model of `menu` is kept between starts.
    """
    bartender = HouseBrainLLMService(menu)
    register_tools(bartender)
    return Stages(
        stt=SphinxSTTService(Recognizer(language_model.build(menu, cache_dir))),
        llm=bartender,
        tts=EspeakTTSService(),
        voice_rate=SAMPLE_RATE,
    )
