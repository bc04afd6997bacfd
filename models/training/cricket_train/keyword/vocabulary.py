"""The words: what the model names, what it must not name, and sentences of neither."""

LABELS = ["silence", "unknown", "yes", "no", "stop", "go"]
KEYWORDS = LABELS[2:]

# Sound-alikes first: they share an onset, a vowel or an end with a keyword. ("know" is not here: it sounds as "no".)
UNKNOWN = """
yet yen yell yeah yesterday guess less mess best chess dress press west yeast gas us ace ice S vest says yap yard
young you
nod note nose node snow not now new knee none gnaw nope known noble numb knock mow low show dough
top stock stuff stomp step stab stub store star stow stoop strap spot drop shop hop chop pop cop slop staff stand
study soft stove
goat ghost goal gold got god gone good grow glow cone cold coat coal toe bow row so though throw home hoe owe gum guy
get go-kart gauge
on off up down left right one two three four five six seven eight nine zero
bed bird cat dog happy house marvin sheila tree wow backward forward follow learn visual
hello light music door window water coffee please thanks okay alarm machine motor start begin end open close quick
wait
table morning evening people number letter paper sister brother mother father river mountain yellow purple orange
black white green
eleven twelve twenty hundred Monday Tuesday Friday winter summer apple banana lemon sugar pepper system signal measure
battery network
hey what where when why who how this that these there because before after again always never maybe
""".split()

SENTENCES = [
    "the quick brown fox jumps over the lazy dog",
    "please bring me a large coffee with milk",
    "turn the light in the kitchen a little brighter",
    "the motor in the second hall is running hot",
    "we will meet at half past seven in the evening",
    "could you tell me where the railway station is",
    "my brother bought a yellow bicycle last summer",
    "there are twelve apples and three lemons on the table",
    "the weather will be cloudy with a little rain",
    "open the window before you leave the room",
    "she has been waiting for the train since morning",
    "measure the temperature of the bearing every hour",
    "I would like to order two cups of tea please",
    "the children were playing in the garden",
    "it takes about twenty minutes to reach the river",
    "put the letters in the drawer under the printer",
    "what time does the next bus leave for the airport",
    "a large espresso with cream and brown sugar",
    "the battery of the sensor should last for ten years",
    "hardly anybody believed that the machine would work",
    "can I have a medium latte with extra foam",
    "he painted the front door green and the fence white",
    "our neighbours are travelling across the mountains",
    "remember to call your mother after dinner",
    "the signal was weak but the message arrived",
    "five hundred people watched the match in the rain",
    "let me think about that for a minute",
    "the library is closed because of the holiday",
    "we heard music from the apartment upstairs",
    "you should have told me that much earlier",
]
