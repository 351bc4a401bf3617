"""The stages of the conversation, as this kiosk is set up: all of them in the house."""

from pathlib import Path

from kiosk.bartender.house_brain import HouseBrainLLMService
from kiosk.bartender.tools import register_tools
from kiosk.menu import Menu
from kiosk.voice import language_model
from kiosk.voice.espeak import SAMPLE_RATE
from kiosk.voice.espeak_tts import EspeakTTSService
from kiosk.voice.pipeline import Stages
from kiosk.voice.recognizer import Recognizer
from kiosk.voice.sphinx_stt import SphinxSTTService


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
