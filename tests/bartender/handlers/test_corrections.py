"""What was meant just before is put right in the next turn: how many, which drink, how it is made, what was only asked.

Each line is what a guest says, turn by turn, and the order that stands in the end.
"""

import pytest

from tests.bartender.conversation import Conversation
from tests.bartender.menus import BAR
from tests.sampling import sampled

PUT_RIGHT = """
six tequilas please / no sorry only five tequilas => 5 Tequila
six tequilas please / sorry, I meant five => 5 Tequila
six tequilas please / just five => 5 Tequila
six tequilas please / actually make that five => 5 Tequila
six tequilas please / wait, one less => 5 Tequila
six tequilas please / I said five not six => 5 Tequila
six tequilas please / five, not six => 5 Tequila
six tequilas please / no, five => 5 Tequila
six tequilas please / sorry it's only five tequilas => 5 Tequila
six tequilas please / no no five tequilas => 5 Tequila
six tequilas please / I meant five tequilas => 5 Tequila
six tequilas please / sorry, five of them => 5 Tequila
six tequilas please / oops, that should be five => 5 Tequila
six tequilas please / one fewer please => 5 Tequila
six tequilas please / one more => 7 Tequila
six tequilas please / wait, one more => 7 Tequila
six tequilas please / one tequila less => 5 Tequila
six tequilas please / five will do => 5 Tequila
six tequilas please / make it five tequilas => 5 Tequila
six tequilas please / that was five tequilas => 5 Tequila
six tequilas please / I only asked for five => 5 Tequila
six tequilas please / I only wanted five tequilas => 5 Tequila
six tequilas please / we only need five => 5 Tequila
six tequilas please / no wait five tequilas is enough => 5 Tequila
six tequilas please / that's one too many => 5 Tequila
six tequilas please / one too many => 5 Tequila
six tequilas please / not six, five => 5 Tequila
six tequilas please / not six but five => 5 Tequila
six tequilas please / five tequilas not six => 5 Tequila
six tequilas please / just the five tequilas => 5 Tequila
six tequilas please / only five tequilas please => 5 Tequila
two martinis and a beer / sorry, three martinis => 3 Martini; 1 Tap Beer
two martinis and a beer / no, three martinis => 3 Martini; 1 Tap Beer
two martinis and a beer / no, just one martini => 1 Martini; 1 Tap Beer
two martinis and a beer / I meant three martinis => 3 Martini; 1 Tap Beer
two martinis and a beer / sorry, I meant negronis => 2 Negroni; 1 Tap Beer
two martinis and a beer / no, I said two negronis => 2 Negroni; 1 Tap Beer
two martinis and a beer / the martinis should be three => 3 Martini; 1 Tap Beer
two martinis and a beer / actually make that one martini => 1 Martini; 1 Tap Beer
a martini / sorry I meant a manhattan => 1 Manhattan
a martini / I said manhattan => 1 Manhattan
a martini / no, a manhattan => 1 Manhattan
a martini / I said a manhattan not a martini => 1 Manhattan
a martini / actually a manhattan => 1 Martini; 1 Manhattan
a martini / no sorry, manhattan => 1 Manhattan
a martini / wait no, a manhattan => 1 Manhattan
a martini / actually, make it a manhattan => 1 Manhattan
a martini / make that a manhattan instead => 1 Manhattan
a martini / sorry, wrong drink, I wanted a manhattan => 1 Manhattan
a martini / no I asked for a manhattan => 1 Manhattan
a martini and a beer / no, the other one => 1 Martini; 1 Tap Beer
a dirty martini and a dry martini / take off the dry one / no sorry the other one => 1 Martini, dry
a whiskey and a rum / make the whiskey a double / no the other one => 1 Whiskey; 1 Rum, double
a whiskey and a rum / make the whiskey a double / no, i meant the rum => 1 Whiskey; 1 Rum, double
a whiskey and a rum / take off the whiskey / no, the rum => 1 Whiskey
a whiskey and a rum / take the rum off / sorry, I meant the whiskey => 1 Rum
a whiskey and a rum / take off the whiskey / no, the other one => 1 Whiskey
two ipas / just two => 2 IPA
four ipas / just two => 2 IPA
nine sodas / I said five not nine => 5 Soda
five sodas / I said nine, not five => 9 Soda
five sodas / that's nine not five => 9 Soda
a martini and two beers / no, three beers => 1 Martini; 3 Tap Beer
a martini and two beers / no, three => 1 Martini; 3 Tap Beer
a dirty martini / sorry, I meant dry => 1 Martini, dry
a dirty martini / no, dry => 1 Martini, dry
a dirty martini / dry, not dirty => 1 Martini, dry
a dirty martini / I said dry => 1 Martini, dry
a martini / I'd like mine dry => 1 Martini, dry
a martini / I'd like it dry => 1 Martini, dry
a martini / can I have mine dry please => 1 Martini, dry
a martini / I'll take mine dry => 1 Martini, dry
a martini / dry for me => 1 Martini, dry
a martini and a rum / I want my rum on the rocks => 1 Martini; 1 Rum, on the rocks
a rum and a whiskey / make both of them doubles => 1 Rum, double; 1 Whiskey, double
a rum and a whiskey / make them both doubles => 1 Rum, double; 1 Whiskey, double
a rum and a whiskey / doubles please => 1 Rum; 1 Whiskey, double
a rum and a whiskey / both doubles => 1 Rum, double; 1 Whiskey, double
two rums / make them doubles => 2 Rum, double
two rums / make both doubles please => 2 Rum, double
two rums / make one a double => 1 Rum; 1 Rum, double
two rums / make one of them a double => 1 Rum; 1 Rum, double
how much is an ipa / ouch. and an iced tea? =>
how much is an ipa / ouch. and an iced tea? / the cheaper one then => 1 Iced Tea
how much is an iced tea / ouch. and an ipa? =>
how much is an iced tea / and an ipa? =>
how much is an iced tea / and a rum? / I'll take that => 1 Rum
how much is an iced tea / what about a rum? / the first one please => 1 Iced Tea
how much is a beer / and a classic brew / the cheaper one please => 1 Tap Beer
how much is an ipa / and a classic brew? / the cheaper one please => 1 Classic Brew
how much is an ipa and how much is a classic brew / the cheaper one please => 1 Classic Brew
how much is an ipa / and what about the classic brew how much is that / the cheaper one please => 1 Classic Brew
how much is an ipa / how much is a classic brew / the more expensive one => 1 IPA
a beer please / never mind, I'll get it => 1 Tap Beer
a beer please / never mind, I'll get it myself => 1 Tap Beer
a beer please / don't worry I'll get it => 1 Tap Beer
a beer please / no worries, I'll take that => 1 Tap Beer
not one iced tea =>
is there not one iced tea =>
not an iced tea =>
do you have any iced tea / yes, one of those then => 1 Iced Tea
do you have a negroni / I'll have one if you do => 1 Negroni
do you do negronis / I'll take two if you do => 2 Negroni
do you have ipa / go on then => 1 IPA
is your long island really that strong / and how much is it / alright two of them please => 2 Long Island
is your long island really that strong / one of those then => 1 Long Island
what is in a negroni / okay I'll try one => 1 Negroni
is a negroni sweet / one of those please => 1 Negroni
what is the difference between a martini and a manhattan / the second one please => 1 Manhattan
what is the difference between a martini and a manhattan / the manhattan then => 1 Manhattan
is the old fashioned any good / sure, one then => 1 Old Fashioned
do you have lemonade? i'll take a glass if you do => 1 Lemonade
do you have lemonade / i'll take a glass if you do => 1 Lemonade
not one ice tea =>
not one iced tea, two =>
an iced tea / not one iced tea, two => 2 Iced Tea
""".strip().splitlines()


@pytest.mark.parametrize("line", sampled(PUT_RIGHT, every=4))
async def test_what_is_put_right_stands_as_it_was_meant(line):
    said, _, order = line.partition("=>")
    guest = Conversation(BAR)
    for turn in said.split(" / "):
        await guest.say(turn.strip())
    assert sorted(await guest.order()) == sorted(filter(None, order.strip().split("; ")))
