"""How pipecat calls the tools: those of the guest who is here, and only for what a guest may have said."""

from typing import Any, Protocol

from pipecat.frames.frames import FunctionCallResultProperties
from pipecat.services.llm_service import FunctionCallParams, LLMService

from kiosk.bartender.tally import NOT_HEEDED
from kiosk.bartender.tool_schemas import OF_THE_HOUSE, PARAMETERS, READ_ONLY
from kiosk.bartender.tools import BarTools


class WithTools(Protocol):
    """What the pipeline's `app_resources` must have for the tools: those of the present session."""

    @property
    def tools(self) -> BarTools:
        """The tools of the guest who is here now."""
        ...

    async def may_act(self) -> bool:
        """Whether what the guest said may have an effect; returns once that is known."""
        ...


def register_tools(llm: LLMService[Any]) -> None:
    """Have `llm` call the tools of the `BarTools` that the pipeline's `app_resources` carry.

    A tool that only reads is cancelled when the guest interrupts. One with an effect is not: pipecat
    cancels a call at whatever `await` it has reached, which may be the one that reports a result,
    and writes CANCELLED into the context although the drink is on the tab. Without
    `cancel_on_interruption` the call ends, its result is recorded (in place, or as a message of its
    own if the guest has gone on talking), and the model knows what was done. For the same reason
    these have no `timeout_secs`: what waits for a provider has limits of its own.
    """
    for name in PARAMETERS | OF_THE_HOUSE:
        llm.register_function(name, _answer_call, cancel_on_interruption=name in READ_ONLY)


async def _answer_call(params: FunctionCallParams) -> None:
    resources: WithTools = params.app_resources
    if params.function_name not in READ_ONLY and not await resources.may_act():
        nothing_more = FunctionCallResultProperties(run_llm=False)
        await params.result_callback(dict(NOT_HEEDED), properties=nothing_more)
        return
    answer = await resources.tools.call(params.function_name, params.arguments, params.tool_call_id)
    await params.result_callback(answer)
