"""What is said of a drink that the menu does not know: how it is to be made, or that it was asked for at all.

An order that was understood is never the whole of it where something else was asked for: that is said, too.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from kiosk.menu import Menu
from kiosk.understanding.acts import Act, Add, Missed, NotOnMenu, Number, Perhaps, Say, Unclear
from kiosk.understanding.cover import Cover
from kiosk.understanding.missing import asked_for, missing
from kiosk.understanding.sentence import Sentence
from kiosk.understanding.table import kind

# They begin what somebody says of how something is to be made.
_OPENING = kind("wish_words")
# These are no part of it.
_LEADS = ("with", "and", "made", "served", ",", "please", "but")
_TALK = kind("before_a_verb") | kind("definite") | kind("pronouns") | {"is", "are", "was", "were", "be"}
_ASKING = kind("question_words") | {"is", "are", "was", "were", "do", "does", "did", "if", "has", "not"}
_LONGEST = 6
_OF_A_LINE = ("changes.modify", "changes.leave_out")


def with_what_is_missing(acts: Sequence[Act], sentence: Sentence, covered: Cover, menu: Menu) -> tuple[Act, ...]:
    """`acts` with what was asked for beside the orders among them, where nothing tells of it yet."""
    if not covered.unexplained:
        return tuple(acts)
    places, found = _of_drinks(sentence, covered)
    if places >= set(covered.unexplained):
        # All that is left says how a drink is to be made, so the drink is ordered.
        return (*(act for act in covered.acts if not isinstance(act, Say | Number)), *found)
    if not any(isinstance(act, Add | Perhaps) for act in acts) or any(isinstance(act, Unclear) for act in acts):
        return tuple(acts)
    kept = list(_without_words([act.words for act in found], _certain(acts, found)))
    runs = asked_for(sentence, covered)
    orphans = [act for run in runs for act in _said_of(run, sentence, covered)]
    kept = [act for act in kept if act not in orphans]
    if any(isinstance(act, NotOnMenu) for act in kept):
        return (*kept, *found)
    told = missing(tuple(dict.fromkeys(" ".join(sentence.said[begin:end]) for begin, end in runs)), menu)
    return (*kept, *found, *([told] if told else []))


def _of_drinks(sentence: Sentence, covered: Cover) -> tuple[set[int], list[Missed]]:
    """How drinks are to be made, in words that nothing explains: "a burger, well done", "a gin with extra lime"."""
    places: set[int] = set()
    found = []
    for (entry, at, end), acts in zip(covered.entries, covered.meant, strict=True):
        adds = [act for act in acts if isinstance(act, Add)]
        if not (entry.startswith("orders.") and adds) or _is_asked(sentence, at):
            continue
        begin = end + 1 if sentence.said[end : end + 1] == [","] else end
        if sentence.said[begin - 1] in _OPENING and sentence.tags[begin - 1].is_word:
            # "Well done": its first word was taken for manners.
            begin -= 1
        until = _clause_end(begin, sentence, covered)
        while begin < until and sentence.said[begin] in _LEADS:
            begin += 1
        words = sentence.said[begin:until]
        opens = begin > 0 and sentence.said[begin - 1] == "with"
        if not words or len(words) > _LONGEST or not (opens or words[0] in _OPENING) or _TALK.intersection(words):
            continue
        if any(begin <= place < until for place in covered.unexplained):
            places.update(range(begin, until))
            found.append(Missed(" ".join(words), adds[-1].item))
    return places, found


def _is_asked(sentence: Sentence, at: int) -> bool:
    """Whether what is named here is asked about: "is the guacamole extra"."""
    begin = at
    while begin and not sentence.tags[begin - 1].is_pause:
        begin -= 1
    return bool(_ASKING.intersection(sentence.said[begin:at]))


def _clause_end(begin: int, sentence: Sentence, covered: Cover) -> int:
    """Where what is said of a drink ends: at a pause, at an "and", or where another phrase begins."""
    others = {at for entry, at, _ in covered.entries if not entry.startswith("talk.")}
    end = begin
    while end < sentence.words_end and not sentence.tags[end].is_pause and end not in others:
        if sentence.said[end] in ("and", "please", "thanks"):
            break
        end += 1
    return end


def _certain(acts: Sequence[Act], found: Sequence[Missed]) -> Iterator[Act]:
    """`acts`; what was only asked about for words that say how it is to be made is ordered."""
    for act in acts:
        if isinstance(act, Perhaps) and act.otherwise and any(wish.item == act.adds[-1].item for wish in found):
            yield from act.adds
        else:
            yield act


def _without_words(told: Sequence[str], acts: Iterator[Act]) -> Iterator[Act]:
    """`acts` without the words that are told of otherwise."""
    known = {word for words in told for word in words.split()}
    for act in acts:
        if isinstance(act, Missed) and known:
            left = [word for word in act.words.split() if word not in known]
            if left:
                yield replace(act, words=" ".join(left))
        else:
            yield act


def _said_of(run: tuple[int, int], sentence: Sentence, covered: Cover) -> Iterator[Act]:
    """What is said of something that the menu does not have: "a latte, hold the milk" changes nothing else."""
    place = run[1]
    for (entry, begin, end), acts in zip(covered.entries, covered.meant, strict=True):
        if begin < place:
            continue
        between = sentence.said[place:begin]
        if not entry.startswith(_OF_A_LINE) or "and" in between or "." in between:
            return
        yield from acts
        place = end
