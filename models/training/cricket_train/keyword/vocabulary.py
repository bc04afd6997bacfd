"""The words: what the model names, what it must not name, and running speech of neither."""

import random
import re
from pathlib import Path

DIGITS = "zero one two three four five six seven eight nine".split()
KEYWORDS = [*DIGITS, "yes", "no", "up", "down", "left", "right", "on", "off", "stop", "go"]
LABELS = ["silence", "unknown", *KEYWORDS]

# Nobody can hear these apart from a keyword, so they are neither named nor taught as unknown.
SOUND_THE_SAME = set("won too to tu for fore ate ait know write wright rite knows four's oh owe awn sicks nein ore".split())

# For each keyword words that share its onset, its vowel or its end; then Speech Commands' other words; then plain ones.
UNKNOWN = """
hero arrow zebra narrow sorrow zone period Nero sheriff
wine when win want wonder run fun done gun sun none once when's
tool tooth tomb chew do you true blue shoe new who few tune student through threw
tree free tea thread theme these see she he fee key thirty sea me
fork form door floor far force forward foreign more store wore pour fall war fool
fire fine hive dive drive live life file fight knife fifth fifty fish
sick sit fix mix silk sing stick ships sex since kicks thick
heaven eleven several sever given even southern Kevin serving savings second
age ape aid late gate hate wait date ache eat it at hey
mine line dine sign nun noun night nice name
yet yen yell yeah guess less mess best chess dress press west yeast gas us ace ice vest says yesterday
nod note nose node snow not now new knee gnaw nope noble numb low show dough mow
cup pup app but uh ebb pop hub cap upper
town dawn gown brown crown doubt Don Dan dam dog
laughed lift let leg loft theft deaf elf guest lest
ride rice ripe light white bright rat rate riot wire
own in an and song gone long John
of often cough office all ought offer soft if have
top stock stuff stomp step stab store star stoop strap spot drop shop hop chop cop slop staff stand
goat ghost goal gold got god good grow glow cone cold coat coal toe bow row so though throw home hoe gum guy get
bed bird cat dog happy house marvin sheila tree wow backward forward follow learn visual
backward forward follow learn visual bed bird cat dog happy house marvin sheila tree wow
hello music window water coffee please thanks okay alarm machine motor start begin end open close quick
table morning evening people number letter paper sister brother mother father river mountain yellow purple orange
black green twelve twenty hundred Monday Tuesday Friday winter summer apple banana lemon sugar pepper system signal
battery network measure what where why how this that there because before after again always never maybe
""".split()

_STORED = Path("/usr/share/dict/american-english-small"), Path("/usr/share/common-licenses")


def _names_a_keyword(word):
    return word in SOUND_THE_SAME or any(word.startswith(key) or word.endswith(key) for key in KEYWORDS)


def dictionary_words(count, seed=7):
    """`count` common English words of 2-9 letters that hold no keyword, from Debian's wamerican-small (public domain)."""
    if not _STORED[0].exists():
        raise FileNotFoundError(f"{_STORED[0]} is missing: apt-get install wamerican-small")
    words = [word for word in _STORED[0].read_text().split() if re.fullmatch("[a-z]{2,9}", word)]
    words = [word for word in words if not _names_a_keyword(word)]
    return random.Random(seed).sample(words, count)


def sentences(count, seed=11):
    """`count` pieces of running speech, 4-12 words each, in which no keyword is said: half of them prose (the texts of
    licences that Debian keeps in /usr/share/common-licenses), half words in a row, for variety of sound."""
    rng = random.Random(seed)
    prose = " ".join(path.read_text() for path in sorted(_STORED[1].glob("*")) if path.is_file())
    words = [re.sub("[^a-z']", "", word.lower()) for word in prose.split()]
    words = [word for word in words if len(word) > 1 or word in ("a", "i")]
    pieces, piece, wanted = [], [], 8
    for word in words:
        if word in KEYWORDS or len(word) > 14:
            if len(piece) >= 4:
                pieces.append(" ".join(piece))
            piece = []
            continue
        piece.append(word)
        if len(piece) == wanted:
            pieces.append(" ".join(piece))
            piece, wanted = [], rng.randint(4, 12)
    pieces = rng.sample(sorted(set(pieces)), count // 2)
    plain = dictionary_words(4000, seed) + 20 * "the a of to in is it you that he was for are with as his they".split()
    return pieces + [" ".join(rng.choices(plain, k=rng.randint(4, 9))) for _ in range(count - len(pieces))]


# How voices of other languages spell the keywords to say them in English.
_LATIN = dict(zip(KEYWORDS, (
    "zirou uan tu tri for faiv siks seven eit nain jes nou ap daun left rait on of stop gou".split()), strict=True))
SPELLING = {
    "czech": _LATIN | dict(five="fajv", eight="ejt", nine="najn", right="rajt", seven="sevn"),
    "finnish": _LATIN | dict(two="tuu", three="trii", four="foor", on="oon", off="of"),
    "italian": _LATIN | dict(six="sics", yes="ies", zero="ziro"),
    "catalan": _LATIN | dict(six="sics", yes="ies", zero="siro", two="tu"),
    "russian": dict(zip(KEYWORDS, (
        "зироу уан ту сри фор файв сикс севен эйт найн йес ноу ап даун лефт райт он оф стоп гоу".split()), strict=True)),
    "hindi": dict(zip(KEYWORDS, (
        "ज़ीरो वन टू थ्री फोर फाइव सिक्स सेवन एट नाइन येस नो अप डाउन लेफ्ट राइट ऑन ऑफ स्टॉप गो".split()), strict=True)),
    "telugu": dict(zip(KEYWORDS, (
        "జీరో వన్ టూ త్రీ ఫోర్ ఫైవ్ సిక్స్ సెవెన్ ఎయిట్ నైన్ యెస్ నో అప్ డౌన్ లెఫ్ట్ రైట్ ఆన్ ఆఫ్ స్టాప్ గో".split()), strict=True)),
}
