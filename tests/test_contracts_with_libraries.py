"""What the kiosk uses of its libraries that is private there: named, so that no upgrade breaks it in silence.

A class of the kiosk may inherit from one of pipecat's and override, call, read or set a name that begins with an
underscore. Such names are found here in the sources of both, and held against a table: what it is, and its parameters.
"""

import ast
import importlib
import inspect
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import kiosk

LIBRARIES = ("pipecat", "google", "mcp", "cartesia")
ATTRIBUTE = "attribute"

# class of the kiosk: name: what it is, and the class of the library that introduced it.
USED = {
    "CartesiaEars": {
        "_api_key": "attribute of CartesiaSTTService",
        "_connect": "async (self) of WebsocketService",
        "_disconnect": "async (self) of WebsocketService",
        "_get_websocket": "(self) of CartesiaSTTService",
        "_last_audio_time": "attribute of STTService",
        "_process_response": "async (self, data) of CartesiaSTTService",
        "_user_id": "attribute of STTService",
        "_websocket": "attribute of WebsocketService",
        "_websocket_connect": "async (self, uri, **kwargs) of WebsocketService",
    },
    "CartesiaVoice": {
        "_api_key": "attribute of CartesiaTTSService",
        "_build_msg": (
            "(self, text='', continue_transcript=True, add_timestamps=True, context_id='') of CartesiaTTSService"
        ),
        "_cartesia_version": "attribute of CartesiaTTSService",
        "_close_connection_contexts": "async (self) of WebsocketTTSService",
        "_connect": "async (self) of WebsocketService",
        "_disconnect": "async (self) of WebsocketService",
        "_get_websocket": "(self) of CartesiaTTSService",
        "_normalize_word_timestamps": "(self, words, starts) of CartesiaTTSService",
        "_output_sample_rate": "attribute of CartesiaTTSService",
        "_process_messages": "async (self) of CartesiaTTSService",
        "_url": "attribute of CartesiaTTSService",
        "_websocket": "attribute of WebsocketService",
    },
    "EspeakTTSService": {
        "_settings": "attribute of AIService",
    },
    "Failover": {
        "_set_active_if_available": "async (self, service) of ServiceSwitcherStrategy",
    },
    "GeminiBartender": {
        "_build_generation_params": "(self, system_instruction=None, tools=None, tool_config=None) of GoogleLLMService",
        "_client": "attribute of GoogleLLMService",
        "_handle_finish_reason": "(self, finish_reason) of GoogleLLMService",
        "_iter_stream": "(self, response, *, first_chunk_timeout) of GoogleLLMService",
        "_maybe_apply_thinking_default": "(self, generation_params) of GoogleLLMService",
        "_push_llm_text": "async (self, text) of LLMService",
        "_settings": "attribute of AIService",
        "_stream_response": "(self, context) of GoogleLLMService",
        "_tool_config": "attribute of GoogleLLMService",
        "_update_settings": "async (self, delta) of AIService",
    },
    "GeminiHistory": {
        "_from_universal_context_messages": (
            "(self, universal_context_messages, *, system_instruction=None) of GeminiLLMAdapter"
        ),
        "_merge_parallel_tool_calls_for_thinking": "(self, thought_signature_dicts, messages) of GeminiLLMAdapter",
    },
    "HouseBrainLLMService": {
        "_push_llm_text": "async (self, text) of LLMService",
    },
    "SphinxSTTService": {
        "_user_id": "attribute of STTService",
    },
}
# What is private elsewhere and used on something other than one's own object: file: names.
USED_ON_OTHERS = {
    # The first three are documented, in spite of their names.
    "app.py": {"os._exit"},
    "understanding/cover.py": {"following._replace"},
    "voice_thread.py": {"sys._current_frames"},
    "voice/sound_devices.py": {"sounddevice._initialize", "sounddevice._terminate"},
}


def test_every_private_name_of_a_library_that_the_kiosk_uses_is_as_it_was():
    assert "\n".join(changes(USED, found())) == ""


def test_an_override_of_a_private_method_takes_what_the_library_gives_it():
    for own in kiosk_classes():
        for name in filter(is_private, vars(own)):
            theirs = library_member(own, name)
            assert not callable(theirs) or what(vars(own)[name]) == what(theirs), f"{own.__name__}.{name}"


def test_nothing_private_is_used_on_the_objects_of_others():
    used = {path: others for path in python_files() if (others := private_of_others(path))}
    assert {path.relative_to(folder()).as_posix(): others for path, others in used.items()} == USED_ON_OTHERS


def test_a_name_that_is_gone_is_new_or_takes_other_parameters_is_said_in_a_sentence():
    before = {"Voice": {"_connect": "async (self) of Service", "_url": "attribute of Service"}}
    now = {"Voice": {"_connect": "async (self, again) of Service", "_socket": "attribute of Service"}}
    assert list(changes(before, now)) == [
        "Voice uses _connect, which was async (self) of Service and is now async (self, again) of Service",
        "Voice uses _socket, attribute of Service: write it into the table, or choose another name if by accident",
        "Voice used _url, attribute of Service: the library or the kiosk has it no more",
    ]


def changes(table: dict[str, dict[str, str]], now: dict[str, dict[str, str]]) -> Iterator[str]:
    """A sentence for each difference."""
    for own in sorted(table.keys() | now.keys()):
        before, after = table.get(own, {}), now.get(own, {})
        for name in sorted(before.keys() | after.keys()):
            if name not in after:
                yield f"{own} used {name}, {before[name]}: the library or the kiosk has it no more"
            elif name not in before:
                yield (
                    f"{own} uses {name}, {after[name]}: write it into the table, or choose another name if by accident"
                )
            elif before[name] != after[name]:
                yield f"{own} uses {name}, which was {before[name]} and is now {after[name]}"


def found() -> dict[str, dict[str, str]]:
    """What the classes of the kiosk use of their libraries' private names, as both are installed."""
    used: dict[str, dict[str, str]] = {}
    for own in kiosk_classes():
        for name in sorted(filter(is_private, own_names(own, assigned=False))):
            homes = [base for base in library_bases(own) if name in own_names(base, assigned=True)]
            if homes:
                used.setdefault(own.__name__, {})[name] = f"{what(library_member(own, name))} of {homes[-1].__name__}"
    return used


def what(member: Any) -> str:
    """A method's parameters without their types, which Python's versions write in different ways."""
    if not inspect.isfunction(member):
        return ATTRIBUTE
    signature = inspect.signature(member)
    bare = [parameter.replace(annotation=inspect.Parameter.empty) for parameter in signature.parameters.values()]
    plain = signature.replace(parameters=bare, return_annotation=inspect.Signature.empty)
    return f"async {plain}" if inspect.iscoroutinefunction(member) else str(plain)


def folder() -> Path:
    return Path(kiosk.__file__).parent


def python_files() -> list[Path]:
    return sorted(folder().rglob("*.py"))


@cache
def kiosk_classes() -> list[type]:
    """Those that inherit from a class of a library."""
    classes = []
    for path in python_files():
        if not any(library in path.read_text() for library in LIBRARIES):
            continue
        name = ".".join(path.relative_to(folder().parent).with_suffix("").parts)
        module = importlib.import_module(name.removesuffix(".__init__"))
        classes += [each for each in vars(module).values() if inspect.isclass(each) and each.__module__ == name]
    return sorted(filter(library_bases, classes), key=lambda each: each.__name__)


def library_bases(own: type) -> list[type]:
    return [base for base in own.__mro__ if base.__module__.split(".")[0] in LIBRARIES]


def library_member(own: type, name: str) -> Any:
    """What the nearest of its library's classes has under that name."""
    return next((vars(base)[name] for base in library_bases(own) if name in vars(base)), None)


@cache
def own_names(of: type, *, assigned: bool) -> set[str]:
    """The names that a class defines, and those that its methods use on `self`, or only those that they assign."""
    found = set(vars(of))
    for node in ast.walk(class_source(of)):
        if isinstance(node, ast.Attribute) and is_own(node.value) and (not assigned or isinstance(node.ctx, ast.Store)):
            found.add(node.attr)
    return found


def is_own(value: ast.expr) -> bool:
    """Whether it is `self`, `cls` or `super()`."""
    if isinstance(value, ast.Call):
        return isinstance(value.func, ast.Name) and value.func.id == "super"
    return isinstance(value, ast.Name) and value.id in ("self", "cls")


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__") and name != "_abc_impl"


def class_source(of: type) -> ast.AST:
    if of.__module__ == "builtins":
        return ast.Module([], [])
    statements = module_source(Path(inspect.getfile(of))).body
    named = (node for node in statements if isinstance(node, ast.ClassDef) and node.name == of.__name__)
    return next(named, ast.Module([], []))  # some are made without a class statement


@cache
def module_source(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def private_of_others(path: Path) -> set[str]:
    """Private names that a file uses on what is not its own object, and does not define itself."""
    nodes = list(ast.walk(module_source(path)))
    defined = {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
    defined |= {node.attr for node in nodes if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)}
    return {
        ast.unparse(node)
        for node in nodes
        if isinstance(node, ast.Attribute)
        if is_private(node.attr) and not is_own(node.value) and node.attr not in defined
    }
