"""What a sentence is understood as: orders, changes, questions, money, and what is none of these."""

import pytest

from kiosk.understanding.acts import (
    Add,
    AddMentioned,
    AddOneOfEach,
    Again,
    Choose,
    Clear,
    Decline,
    Modify,
    NotOnMenu,
    Number,
    OddQuantity,
    Pay,
    Perhaps,
    Rather,
    Remove,
    Replace,
    Say,
    SetQuantity,
    Tip,
    TipUnsaid,
    Topic,
    Which,
    WhichOf,
)
from kiosk.understanding.completeness import wants_the_floor
from kiosk.understanding.questions import (
    AskAbout,
    AskAvailable,
    AskBalance,
    AskMenu,
    AskOrder,
    AskPayment,
    AskPrice,
    AskRecommendation,
)
from kiosk.understanding.reader import understand
from tests.bartender.menus import BAR, COFFEE


def acts(text, menu=BAR):
    return list(understand(text, menu).acts)


ORDERS = {
    "martini": [Add("Martini")],
    "old fashion": [Add("Old Fashioned")],
    "to martinis please": [Add("Martini", 2)],
    "for beers": [Add("Tap Beer", 4)],
    "2 beers": [Add("Tap Beer", 2)],
    "a dozen beers": [Add("Tap Beer", 12)],
    "a couple of martinis": [Add("Martini", 2)],
    "another beer": [Add("Tap Beer")],
    "two shots of tequila": [Add("Tequila", 2)],
    "double whiskey neat": [Add("Whiskey", 1, ("double", "neat"))],
    "gin with ice": [Add("Gin", 1, ("on the rocks",))],
    "make me a dry martini stirred please": [Add("Martini", 1, ("dry", "stirred"))],
    "one beer one martini": [Add("Tap Beer"), Add("Martini")],
    "two martinis both dirty please": [Add("Martini", 2, ("dirty",))],
    "two martinis one dry one dirty": [Add("Martini", 1, ("dry",)), Add("Martini", 1, ("dirty",))],
    "two old fashioneds on the rocks and a dirty martini": [
        Add("Old Fashioned", 2, ("on the rocks",)),
        Add("Martini", 1, ("dirty",)),
    ],
    "could we have three ipas and one iced tea": [Add("IPA", 3), Add("Iced Tea")],
    "i want a long island iced tea": [Add("Long Island")],
    "my wife will have a cosmo and i'll have a beer": [Add("Cosmopolitan"), Add("Tap Beer")],
    "I'd like 2 beers, please!": [Add("Tap Beer", 2)],
    "um can i get uh two beers": [Add("Tap Beer", 2)],
}

SEVERAL_ACTS = {
    "two daiquiris without a martini please": [Add("Daiquiri", 2), Decline("Martini")],
    "two daiquiris but no martini": [Add("Daiquiri", 2), Decline("Martini")],
    "hello maya can i have two beers and a lemonade please": [
        Say(Topic.GREETING),
        Add("Tap Beer", 2),
        Add("Lemonade"),
    ],
    "a beer please and what's on my tab": [Add("Tap Beer"), AskOrder()],
    "thanks, and I'd like to pay": [Say(Topic.THANKS), Pay()],
    "a martini with fifteen percent tip": [Add("Martini"), Tip(15)],
    "i want to pay with a ten percent tip": [Tip(10), Pay()],
    "the same again and a lemonade": [Again(), Add("Lemonade")],
    "i don't want a martini but i'd like a beer": [Decline("Martini"), Add("Tap Beer")],
    "not a martini but a beer": [Replace(Add("Tap Beer"), Which("Martini"), is_choice=True)],
}

CHANGES = {
    "actually make that two": [SetQuantity(2)],
    "i meant three": [SetQuantity(3)],
    "make it a double": [Modify(("double",))],
    "both dirty": [Modify(("dirty",), Which(everything=True))],
    "on the rocks please": [Modify(("on the rocks",))],
    "without ice": [Modify(("neat",))],
    "make one of them dirty": [Modify(("dirty",), Which(quantity=1))],
    "make the martini dirty": [Modify(("dirty",), Which("Martini"))],
    "no martini after all": [Remove(Which("Martini"))],
    "scratch the beer": [Remove(Which("Tap Beer"))],
    "take off one negroni": [Remove(Which("Negroni", quantity=1))],
    "scratch that": [Remove()],
    "cancel": [Remove()],
    "cancel that iced tea": [Remove(Which("Iced Tea"))],
    "cancel that and make it a gin": [Replace(Add("Gin"))],
    "scratch that a gin please": [Replace(Add("Gin"))],
    "no ice tea after all": [Remove(Which("Iced Tea"))],
    "not that martini": [Decline("Martini")],
    "not all the gins": [Decline("Gin")],
    "not two martinis but three": [SetQuantity(3, Which("Martini"))],
    "two, not three beers": [SetQuantity(2, Which("Tap Beer"))],
    "a gin instead of all the rums": [Replace(Add("Gin"), Which("Rum", everything=True))],
    "instead of the beer a lemonade": [Replace(Add("Lemonade"), Which("Tap Beer"))],
    "change the beer to a lemonade": [Replace(Add("Lemonade"), Which("Tap Beer"))],
    "swap the martini for two negronis": [Replace(Add("Negroni", 2), Which("Martini"))],
    "no i meant a lemonade": [Replace(Add("Lemonade"))],
    "make that a martini": [Replace(Add("Martini"))],
    "cancel my order": [Clear()],
    "start over": [Clear()],
    "same again please": [Again()],
    "another round": [Again()],
    "one more": [Again(1)],
    "two more please": [Again(2)],
    "no the other one": [Rather(Which(position=0))],
    "the second one": [Choose(2)],
    "i'll take it": [AddMentioned()],
    "two of those please": [AddMentioned(2)],
    "one of each beer": [AddOneOfEach("Beers")],
    "1 of each beer": [AddOneOfEach("Beers")],
}

QUESTIONS = {
    "what's on my tab": [AskOrder()],
    "how much is it": [AskPrice()],
    "how much is a martini": [AskPrice(("Martini",))],
    "what cocktails do you have": [AskMenu("Cocktails")],
    "can i see the menu": [AskMenu()],
    "what is in a negroni": [AskAbout("Negroni")],
    "is the martini strong": [AskAbout("Martini")],
    "do you have beer": [AskAvailable("Tap Beer")],
    "list the beers": [AskMenu("Beers")],
    "how much for another brandy": [AskPrice(("Brandy",))],
    "is the water warm": [AskAbout("Water")],
    "something fruity please": [AskRecommendation("fruity")],
    "something to sober up": [AskRecommendation("sober up")],
    "do you have anything else": [AskRecommendation()],
    "what's your best beer": [AskRecommendation("Beers")],
    "what's a good cocktail": [AskRecommendation("Cocktails")],
    "what would you recommend": [AskRecommendation()],
    "how much money do i have left": [AskBalance()],
    "a cocktail please": [WhichOf("Cocktails", ())],
    "a few beers": [OddQuantity("Tap Beer")],
    "zero beers": [OddQuantity("Tap Beer")],
    "half a beer": [OddQuantity("Tap Beer")],
    "a mojito": [NotOnMenu("mojito", ())],
    "can i get a frozen daiquiri": [Perhaps((Add("Daiquiri"),))],
}

MONEY = {
    "fifteen percent": [Tip(15)],
    "15%": [Tip(15)],
    "leave a ten percent tip": [Tip(10)],
    "18 percent tip": [Tip(18)],
    "make it twenty percent": [Tip(20)],
    "no tip": [Tip(None)],
    "leave a tip": [TipUnsaid()],
    "can i pay": [Pay()],
    "the bill please": [Pay()],
    "close my tab": [Pay()],
    "did it go through": [AskPayment()],
}

TALK = {
    "good evening": Topic.GREETING,
    "how are you": Topic.HOW_ARE_YOU,
    "who are you": Topic.WHO_ARE_YOU,
    "what's the weather like": Topic.WEATHER,
    "tell me a joke": Topic.JOKE,
    "i had a rough day": Topic.FEELING_LOW,
    "it's my birthday": Topic.FEELING_GOOD,
    "thank you": Topic.THANKS,
    "goodbye": Topic.BYE,
    "that's all thanks": Topic.DONE,
    "yes please": Topic.YES,
    "okay": Topic.OKAY,
    "no thanks": Topic.NO,
    "i don't know": Topic.UNDECIDED,
    "what did you say": Topic.REPEAT,
    "i'd like to order": Topic.ORDERING,
}

NOT_ORDERS = """
i don't want a martini
no more beer for me
he said he wanted a beer
i told her i'd like a martini yesterday
if i ordered a negroni
i would have had a beer
should i get a martini
i had two beers at home
the last martini was great
never give me a beer
don't give me a whiskey
i would rather not have a beer
let's not have a beer
nobody wants a beer
i don't think i want a martini
she said can i get a martini
she told me two beers were enough
they ordered two beers and a martini
a man walks into a bar and orders a beer
what if i had a beer
maybe a beer later
imagine i ordered ten beers
i wish i had a martini
is that a martini
this is a good beer
here is your martini
i'll get you a beer
i'm allergic to gin
the martini i ordered was dry
let me tell you about the martini i had
i think the martini is too dry
i live in manhattan
you look like a manhattan
gin rummy is a game
rum is made from sugar
who ordered the martini
when i was in paris i drank a lemonade
my friend was drinking one gin on ice
my wife is drinking a martini
the martini is dry tonight
did you see the game last night it was crazy two beers
my doctor told me no whiskey
""".strip().splitlines()


@pytest.mark.parametrize(("text", "expected"), {**ORDERS, **SEVERAL_ACTS, **CHANGES, **QUESTIONS, **MONEY}.items())
def test_a_sentence_means_its_acts(text, expected):
    assert acts(text) == expected


@pytest.mark.parametrize(("text", "topic"), TALK.items())
def test_talk_is_answered_by_its_topic(text, topic):
    assert acts(text) == [Say(topic)]


CHANGING = (Add, AddMentioned, AddOneOfEach, Again, Modify, Replace, Remove, Clear, SetQuantity, Tip, Pay)


@pytest.mark.parametrize("text", NOT_ORDERS)
def test_what_is_said_about_drinks_changes_nothing(text):
    assert not [act for act in acts(text) if isinstance(act, CHANGING)]


@pytest.mark.parametrize(
    ("text", "expected"),
    {
        "can i get a twelve ounce light roast iced mocha with a bit of whole milk and some brown sugar": [
            Add("Iced Mocha", 1, ("twelve ounce", "light roast", "a bit of whole milk", "some brown sugar"))
        ],
        "i'd like a triple shot americano": [Add("Americano", 1, ("triple shot",))],
        "12oz americano": [Add("Americano", 1, ("twelve ounce",))],
        "medium dark roast coffee": [Add("Coffee", 1, ("medium", "dark roast"))],
        "medium roast coffee": [Add("Coffee", 1, ("medium roast",))],
        "double shot espresso": [Add("Espresso", 1, ("double shot",))],
        "a small coffee and a lemon cake": [Add("Coffee", 1, ("small",)), Add("Lemon Cake")],
        "espresso and a medium mocha with brown sugar": [
            Add("Espresso"),
            Add("Mocha", 1, ("medium", "brown sugar")),
        ],
        "a little bit of whole milk": [Modify(("a little bit of whole milk",))],
        "what cakes do you have": [AskMenu("Cakes")],
        "i don't want a coffee": [Decline("Coffee")],
        "a dry martini please": [NotOnMenu("dry martini", ())],
    }.items(),
)
def test_another_bar_is_understood_by_its_own_menu(text, expected):
    assert acts(text, COFFEE) == expected


@pytest.mark.parametrize("text", ["one one one one", "four one one one", "4242 4242", "4242", "twelve twenty seven"])
def test_figures_that_are_read_out_are_no_amount(text):
    assert acts(text) == []


def test_an_amount_may_be_said_twice():
    assert acts("two, two please") == [Number(2), Number(2)]


def test_a_sentence_without_words_means_nothing():
    assert acts("") == []
    assert acts("?!") == []


def test_a_sentence_that_breaks_off_dangles():
    assert understand("two old fashioneds and uh", BAR).dangling
    assert not understand("two old fashioneds", BAR).dangling


@pytest.mark.parametrize("word", ["please", "no", "actually", "a beer ,", "and", "i would like", "dry", "two"])
def test_a_stammer_of_any_length_is_no_riddle(word):
    # The patterns once took exponential time for these.
    assert understand(f"{word} " * 40, BAR) is not None


@pytest.mark.parametrize(
    "said",
    [
        "stop",
        "wait",
        "no no",
        "a martini please",
        "can I pay",
        "fifteen percent",
        "how much is that",
        "cancel my order",
    ],
)
def test_words_that_mean_to_stop_maya_while_she_speaks(said):
    assert wants_the_floor(said, BAR)


@pytest.mark.parametrize(
    "said", ["", "mm hm", "uh huh", "okay", "yeah yeah", "right", "thanks", "great", "and then he went home"]
)
def test_words_that_are_only_said_along(said):
    assert not wants_the_floor(said, BAR)


@pytest.mark.parametrize(
    ("heard", "acts"),
    [
        ("us", [Say(Topic.YES)]),
        ("a gin to vodkas and a lemonade", [Add("Gin"), Add("Vodka", 2), Add("Lemonade")]),
        ("take one those off", [Remove(Which(quantity=1))]),
    ],
)
def test_what_a_recogniser_mishears_is_understood_where_it_can_mean_nothing_else(heard, acts):
    assert list(understand(heard, BAR).acts) == acts


def test_who_likes_something_made_just_so_wants_it():
    (order,) = acts("i like light roast triple shot americano with a little bit of brown sugar", COFFEE)
    assert order == Add("Americano", 1, ("light roast", "triple shot", "a little bit of brown sugar"), uncounted=True)
    assert not understand("i like espresso", COFFEE).orders
