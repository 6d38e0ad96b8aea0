"""Whether an English word or pair that looks like a name is medicine: eponyms, products, organisms, what they stand before."""

from __future__ import annotations

import re

from bedside.deid._en_lexicon import Lexicon

HEADS = (
    r"disease|disorder|syndrome|signs?|tests?|testing|score|scores|scale|criteria|criterion|classification|class|class[ ]|grade|grading|stage|staging|index|catheter|tube|drain|line|port|clamp|forceps|retractor|blade|needle|suction|stain|phenomenon|palsy|paralysis|"
    r"fracture|dislocation|reflex|body|bodies|cells?|node|nodes|law|rule|rules|man(?:o)?euvers?|man(?:o)?euvre|technique|incision|tumou?r|lymphoma|sarcoma|carcinoma|thyroiditis|an(?:a)?emia|(?:o)?esophagus|diverticul\w+|hernia|procedure|operation|repair|resection|anastomosis|flap|graft|"
    r"murmur|block|rhythm|tracing|protocol|formula|equation|method|solution|monitor|study|probe|ultrasound|frame|cast|splint|boot|brace|walker|bandage|dressing|wrap|stockings?|position|view|projection|point|space|pouch|ligament|duct|gland|canal|artery|vein|nerve|triangle|fascia|loop|ring|rings|band|hook|"
    r"ulcer|cyst|nodules?|spots?|patches|lines?|lesions?|contracture|deformity|gait|ataxia|chorea|dementia|aphasia|encephalopathy|neuropathy|dystrophy|myopathy|arteritis|vasculitis|arthritis|nephropathy|nephritis|colitis|ileitis|gastritis|esophagitis|melanoma|leukemia|contractions?|breathing|respirations?|"
    r"triad|tetrad|pentad|hump|effect|response|reaction|antibod(?:y|ies)|antigens?|virus|bacillus|fever|rash|angina|infarct\w*|exam(?:ination)?|lift|bed|chair|frame|inventory|questionnaire|assessment|interview|tool|screen|units?|plate|screws?|rods?|pins?|nails?|stent|valve|filter|pump|balloon|coil|shunt|reservoir|"
    r"prosthesis|implant|mesh|sutures?|stitch|knot|scissors|speculum|laryngoscope|bag|mask|cannula|trocar|sponge|cautery|lamp|chart|card|cards|patch|rub|sounds?|nystagmus|pupil|hallux|osteotomy|arthroplasty|fundoplication|gastrectomy|esophagectomy|hepatectomy|colectomy|mastectomy|"
    r"fixation|traction|reduction|approach|exercises?|therapy|stage[ ]\w+|type|zone|level|angle|ratio|curve|plot|percentile|z-score|mutation|gene|chromosome|translocation|trait|factor|cofactor|deficiency|purpura|nevus|keratosis|elastosis|stria[e]?|plexus|muscle|tendon|bursa|fat[ ]pad|bone|process|tubercle|foramen|fossa"
)
HEAD_AFTER = re.compile(rf"(?:['’]s|s['’])?[ -]+(?:[a-z]+[ -]+)?(?:{HEADS})s?\b", re.I)
EPONYMOUS = re.compile(
    r"(?:[ -]+(?:[A-Z][\w]*|and|de|la|von)){1,3}[ ](?:syndrome|disease|anomaly|criteria|procedure|disorder|dystrophy|operation|sign|score|scale|classification)\b|[ ][Mm]odel\b"
)
HEAD_SOON = re.compile(rf"(?:['’]s|s['’])?(?:[ -]+(?:{HEADS})s?\b|-[A-Z]\w+)", re.I)
DRUG = re.compile(
    r"\w{3,}(?:mab|nib|pril|olol|statin|cillin|mycin|micin|azole|ovir|avir|tidine|prazole|sartan|gliptin|gliflozin|glutide|dipine|zosin|caine|barbital|azepam|azolam|triptan|setron|parin|xaban|cycline|floxacin|cef\w+|vastatin|profen|oxacin|thiazide|semide|lukast|terol|asone|olone|mide|zumab|ximab|ciclib|parib|platin|rubicin|taxel|trexed|bicin)\Z"
)
PAIRS = frozenset(
    [
        "austin flint",
        "graham steell",
        "ivor lewis",
        "marcus gunn",
        "argyll robertson",
        "pierre robin",
        "treacher collins",
        "paul bunnell",
        "ramsay hunt",
        "lou gehrig",
        "ann arbor",
        "wong baker",
        "wong-baker",
        "salter harris",
        "hunt hess",
        "brown sequard",
        "braxton hicks",
        "grey turner",
        "mary joseph",
        "joel cohen",
        "jackson pratt",
        "russell silver",
        "prader willi",
        "miller fisher",
        "blalock taussig",
        "cornelia de lange",
        "dandy walker",
        "lennox gastaut",
        "stevens johnson",
        "epstein barr",
        "swan ganz",
        "reed sternberg",
        "bence jones",
        "guillain barre",
        "guillain barré",
        "charcot marie",
        "charcot marie tooth",
        "ewing sarcoma",
        "jones criteria",
        "martin bell",
        "lee white",
        "gram stain",
        "rosa parks",
        "robert wood johnson",
        "florence nightingale",
        "maria theresa",
        "virginia apgar",
        "johns hopkins",
        "mary walker",
        "mason allen",
        "bear hugger",
        "robin hood",
        "jude medical",
        "von willebrand",
        "de quervain",
        "von hippel",
        "von recklinghausen",
        "van gogh",
        "eaton lambert",
        "de morsier",
        "shy drager",
        "rey osterrieth",
        "ray tec",
        "otto aufranc",
        "foster kennedy",
        "robert jones",
        "james ramsay",
        "alice in wonderland",
        "santa claus",
        "mary jane",
        "molly",
        "st john",
        "john cunningham",
        "christian science",
        "baker act",
        "myles laws",
        "denis browne",
        "gordon holmes",
        "thomas splint",
        "henry ford",
        "charles bonnet",
        "hans rosling",
        "alvin",
        "sister mary joseph",
        "peter pan",
        "merkel cell",
        "burkitt lymphoma",
        "elisa",
        "lisa kit",
        "bell palsy",
        "james mcgill",
        "marie tooth",
        "katie beckett",
        "kayser fleischer",
        "jervell lange",
        "romano ward",
        "howell jolly",
        "murphy sign",
        "ray amp",
        "ella",
        "plan b",
        "jane doe",
        "carl zeiss",
        "karl storz",
        "john deere",
        "eli lilly",
        "nissen rossetti",
        "dor fundoplication",
        "la grange",
        "los angeles",
        "santa fe",
        "san diego",
        "san antonio",
        "hamilton depression",
        "kelly forceps",
        "allen test",
        "lachman test",
        "hardy weinberg",
        "smith nephew",
        "zimmer biomet",
        "johnson johnson",
        "stryker",
    ]
) - {"ella", "molly", "alvin", "stryker", "elisa", "jane doe", "mary jane"}
HYPHEN = re.compile(r"[ ]?[-–/][ ]?[A-Z][a-zé]+")


def is_medical(word: str, lex: Lexicon) -> bool:
    """Whether a lower-case word is an eponym, a product, or has the ending of a drug."""
    bare = word.removesuffix("'s").removesuffix("’s")
    if bare in lex.eponyms or bare in lex.products:
        return True
    parts = bare.split("-")
    if len(parts) > 1 and all(part in lex.eponyms for part in parts):
        return True
    first = parts[0]
    return (first in lex.eponyms and first != bare and first not in lex.given) or (
        bare not in lex.given and bool(DRUG.match(bare))
    )


def pairs_medically(text: str, start: int, end: int, lex: Lexicon) -> bool:
    """Whether the stretch is a medical name by itself ("Austin Flint") or by what follows ("Bell's palsy")."""
    low = text[start:end].lower().replace("-", " ")
    if low in PAIRS or " ".join(low.split()[:2]) in PAIRS:
        return True
    if EPONYMOUS.match(text, end):
        return True
    last = low.split()[-1]
    if is_medical(last, lex) or last in lex.eponyms or lex.is_ordinary(last):
        return bool(HEAD_AFTER.match(text, end)) or bool(HYPHEN.match(text, end) and is_medical(last, lex))
    return (bool(HEAD_SOON.match(text, end)) and text[end : end + 2] not in ("'s", "’s")) or bool(
        re.match(
            r"['’]s[ ](?:disease|syndrome|sign|palsy|phenomenon|criteria|classification|procedure)\b",
            text[end : end + 24],
        )
    )
