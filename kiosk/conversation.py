"""The conversation: the pipeline with its tools, for one guest or for one after the other."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from loguru import logger
from pipecat.frames.frames import EndFrame, LLMMessagesAppendFrame, TTSSpeakFrame
from pipecat.observers.base_observer import BaseObserver
from pipecat.pipeline.worker import PipelineWorker
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.transports.base_transport import BaseTransport
from pipecat.turns.user_mute import BaseUserMuteStrategy
from pipecat.workers.runner import WorkerRunner

from kiosk import visits
from kiosk.bartender.notices import Notice
from kiosk.bartender.prompts import confidential
from kiosk.bartender.sentences import Sentences
from kiosk.bartender.tally import Call, made
from kiosk.bartender.tools import BarTools
from kiosk.errors import VoiceHungError
from kiosk.events import (
    Event,
    HelloTouched,
    Intent,
    PaymentStatus,
    PayTouched,
    ServiceChanged,
    SessionEnded,
    SessionStarted,
)
from kiosk.payments.checkout import Outcome
from kiosk.payments.watcher import PaymentWatcher
from kiosk.security.scanner import Scanner
from kiosk.settings import find_assets
from kiosk.state.errors import StateError
from kiosk.state.news import whole_state
from kiosk.state.schema import Session
from kiosk.understanding.completeness import completeness, wants_the_floor
from kiosk.voice import pipeline
from kiosk.voice.clock import ConversationClock
from kiosk.voice.failover import SwitchedStage
from kiosk.voice.floor import Floor
from kiosk.voice.guards import Guards
from kiosk.voice.phase_keeper import PhaseKeeper
from kiosk.voice.touches import Touches


@dataclass
class Resources:
    """What tools find in a call: those of the guest who is here."""

    tools: BarTools
    guards: Guards

    async def may_act(self) -> bool:
        """Whether what the guest said may have an effect; returns once that is known."""
        return await self.guards.input.is_clear()


class Conversation:
    """What is said at one transport, on the running event loop: a guest's visit, and those after it.

    Parameters:
        tools: the guest's tools; they carry session, store, menu and payments.
        stages: the services that listen, think and speak.
        deaf: when the guest is not listened to, for devices that would hear Maya.
        watch: look for payments in the background; otherwise only `settle_payment` does.
        next_visit: makes the tools of the next guest; None: there is one guest, who is here already.
        voice_lag_secs: how long after the speaker has taken a piece it is heard.
        wake_phrase: what a guest says to begin; None: anything that is understood.
        scanner: looks at what is said; by default the rules alone.
        traced: whether pipecat makes spans of it; see `kiosk.tracing`.
        language: in which Maya's fixed words are said while the bartender has it, as "de"; the house's has English.
    """

    def __init__(
        self,
        transport: BaseTransport,
        tools: BarTools,
        stages: pipeline.Stages,
        publish: Callable[[Event], None],
        clock: ConversationClock,
        floor: Floor,
        *,
        watch: bool,
        deaf: Sequence[BaseUserMuteStrategy] = (),
        observers: Sequence[BaseObserver] = (),
        next_visit: Callable[[], BarTools] | None = None,
        voice_lag_secs: float = 0.0,
        wake_phrase: str | None = None,
        scanner: Scanner | None = None,
        traced: bool = False,
        language: str = "en",
    ) -> None:
        self._cloud = stages.cloud
        assets = find_assets()
        self._guests_own, self._english = Sentences.load(assets, language), Sentences.load(assets)
        guards = Guards(scanner or Scanner(confidential=confidential(tools.menu)), lambda: self._sentences)
        self._resources = Resources(tools, guards)
        self._next_visit = next_visit
        self._publish = publish
        self._floor = floor
        self._context = LLMContext(tools=tools.schemas())
        self._watcher = PaymentWatcher(tools.checkout, self._tell_of_payment)
        self._watch = watch
        self._touches = Touches(lambda: self._tools, floor, lambda frame: self._worker.queue_frame(frame))
        for stage in self._cloud:
            if stage.name == "llm" and isinstance(stage, SwitchedStage):
                # The house answers what the cloud did not.
                stage.on_lost = self._finish
        self._worker = pipeline.build(
            transport,
            stages,
            context=self._context,
            judge=lambda text: completeness(text, tools.menu),
            wants_the_floor=lambda text: wants_the_floor(text, tools.menu),
            deaf=deaf,
            clock=clock,
            publish=publish,
            observers=[floor, PhaseKeeper(lambda: self._tools), *observers],
            app_resources=self._resources,
            voice_lag_secs=voice_lag_secs,
            wake_phrase=wake_phrase,
            guards=guards,
            traced=traced,
        )

    @property
    def session_id(self) -> str:
        """The visit that is on, or that the next guest begins."""
        return self._tools.session_id

    @property
    def _tools(self) -> BarTools:
        return self._resources.tools

    @property
    def _sentences(self) -> Sentences:
        """In the guest's language while the bartender is in the cloud: the house's has English alone."""
        in_cloud = {stage.name for stage in self._cloud if stage.in_cloud}
        return self._guests_own if "llm" in in_cloud else self._english

    async def hold(self) -> None:
        """Converse until `end`; without a `next_visit` there is one guest, who is here and is greeted.

        Raises:
            VoiceHungError: nothing moves any more.
        """
        await self._announce()
        in_cloud = {stage.name for stage in self._cloud}
        for stage in ("stt", "llm", "tts"):
            where, why = ("cloud", "has a key") if stage in in_cloud else ("house", "not set up for the cloud")
            self._publish(ServiceChanged(stage, where, why))
        self._tools.checkout.announce_provider()
        session = await self.session()
        if not self._next_visit or session.order:
            await self._greet()
        is_hung = False

        async def give_up(worker: PipelineWorker) -> None:
            nonlocal is_hung
            is_hung = True
            await worker.cancel(reason="it does not move")

        self._worker.add_event_handler("on_heartbeat_timeout", give_up)
        runner = WorkerRunner(handle_sigint=False)
        await runner.add_workers(self._worker)
        if self._watch:
            self._watcher.start()
        beside = [asyncio.create_task(stage.watch(self._worker.queue_frame)) for stage in self._cloud]
        if session.is_between_attempt_and_link:
            # The guest had asked to pay; the attempt goes on where it was cut off.
            beside.append(asyncio.create_task(self.touched(PayTouched()), name="go on with the payment"))
        try:
            await runner.run()
        finally:
            for task in beside:
                task.cancel()
            await self._watcher.close()
            await self._tools.close()
        if is_hung:
            raise VoiceHungError("nothing passes through the conversation any more")

    async def _announce(self) -> None:
        bar, session = self._tools.menu.bar, await self.session()
        terms, balance = session.terms, session.payment.balance
        self._publish(SessionStarted(self._tools.session_id, bar.name, terms.currency.code, balance, terms.tips))

    async def session(self) -> Session:
        """The guest's visit as it now stands, or as it last stood where the store cannot tell."""
        try:
            return await self._tools.checkout.session()
        except StateError as error:
            logger.warning("the visit cannot be read: {}", error)
            return self._tools.checkout.last_seen

    async def ask_whether_there(self) -> None:
        """Say something to a guest who has fallen silent."""
        await self._say(self._sentences.still_there)

    async def say_goodbye(self) -> None:
        """Say it to one who seems to have gone."""
        await self._say(self._sentences.to_one_who_went(self._tools.menu, await self.session()))

    async def await_next(self) -> None:
        """Forget the guest and be ready for the next; an open tab stays in the store."""
        assert self._next_visit
        await self._watcher.close()
        await self._tools.close()
        await asyncio.to_thread(visits.end, self.session_id, self._tools.store)
        self._publish(SessionEnded(self._tools.session_id))
        self._context.set_messages([])
        self._touches.forget()
        self._resources.tools = self._next_visit()
        self._watcher = PaymentWatcher(self._tools.checkout, self._tell_of_payment)
        self._watcher.start()
        await self._announce()

    async def _say(self, words: str) -> None:
        self._floor.expect_answer()
        await self._worker.queue_frame(TTSSpeakFrame(words))

    async def _greet(self) -> None:
        menu, session = self._tools.menu, await self.session()
        if not session.order:
            await self._say(self._sentences.to_one_who_comes(menu))
            return
        self._floor.expect_answer()
        for event in whole_state(session, self._tools.checkout.secs_left):
            self._publish(event)
        await self._remind()
        welcome = self._sentences.to_one_who_waited(menu, session)
        # Already now in the context, because what comes next may be asked before it has been spoken.
        self._context.add_message({"role": "assistant", "content": welcome})
        await self._worker.queue_frame(TTSSpeakFrame(welcome, append_to_context=False))

    async def _remind(self) -> None:
        """Put what the guest had ordered where the bartender looks for it."""
        messages = [Notice.VISIT_RESUMED.message]
        for name in ("get_order", "get_tip"):
            call_id = f"resumed_{name}"
            messages += made(Call(call_id, name, {}, await self._tools.call(name, {}, call_id)))
        self._context.add_messages(messages)

    async def end(self) -> None:
        """Let what is under way finish, then return from `hold`."""
        await self._worker.queue_frame(EndFrame())

    async def settle_payment(self) -> None:
        """Look now whether the open link was paid, and have Maya say so if it was."""
        await self._watcher.try_to_look()

    async def touched(self, intent: Intent) -> None:
        """Act on a touch; returns when the bartender was told of it, too."""
        is_free = self._floor.is_free
        self._floor.guest_touches += 1
        if not isinstance(intent, HelloTouched):
            await self._touches.act_on(intent)
        elif is_free:
            with self._floor.news():
                await (self._tell(Notice.HELLO_TOUCHED) if self._context.messages else self._greet())

    async def _tell_of_payment(self, outcome: Outcome) -> None:
        with self._floor.news():
            # An answer that is still being spoken is not in the context yet, and would be given once more.
            await self._floor.wait_until_quiet()
            if outcome.is_disputed:
                await self._tell(Notice.PAYMENT_DISPUTED)
            else:
                has_arrived = outcome.status is PaymentStatus.SUCCEEDED
                await self._tell(Notice.PAYMENT_SUCCEEDED if has_arrived else Notice.PAYMENT_FAILED)

    async def _finish(self) -> None:
        """Have the house finish an answer that broke off."""
        await self._tell(Notice.BROKEN_OFF)

    async def _tell(self, notice: Notice) -> None:
        self._floor.expect_answer()
        await self._worker.queue_frame(LLMMessagesAppendFrame([notice.message], run_llm=True))
