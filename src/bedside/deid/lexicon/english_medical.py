"""Whether an English word or pair that looks like a name is medicine: eponyms, products, organisms."""

from __future__ import annotations

import re
from functools import lru_cache

from bedside.deid.lexicon.english import Lexicon, group


def by_first_letter(ways: str) -> str:
    """The ways of an alternation, grouped: `re` then tries the ways of one letter, not two hundred.

    >>> by_first_letter("sign|cell|score|(?:o)?edema")
    's(?:ign|core)|c(?:ell)|(?:o)?edema'
    """
    groups: dict[str, list[str]] = {}
    for way in re.findall(r"(?:\(.*?\)|[^|(])+", ways):
        groups.setdefault(way[0] if way[0].isalpha() else "", []).append(way)
    plain = groups.pop("", [])
    grouped = [f"{first}(?:{'|'.join(way[1:] for way in of)})" for first, of in groups.items()]
    return "|".join(grouped + plain)


HEADS = by_first_letter(
    r"disease|disorder|syndrome|signs?|tests?|testing|score|scores|scale|criteria|criterion|"
    r"classification|class|class[ ]|grade|grading|stage|staging|index|catheter|tube|drain|line|port|"
    r"clamp|forceps|retractor|blade|needle|suction|stain|phenomenon|palsy|paralysis|"
    r"fracture|dislocation|reflex|body|bodies|cells?|node|nodes|law|rule|rules|man(?:o)?euvers?|"
    r"man(?:o)?euvre|technique|incision|tumou?r|lymphoma|sarcoma|carcinoma|thyroiditis|an(?:a)?emia|"
    r"(?:o)?esophagus|diverticul\w+|hernia|procedure|operation|repair|resection|anastomosis|flap|"
    r"graft|"
    r"murmur|block|rhythm|tracing|protocol|formula|equation|method|solution|monitor|study|probe|"
    r"ultrasound|frame|cast|splint|boot|brace|walker|bandage|dressing|wrap|stockings?|position|view|"
    r"projection|point|space|pouch|ligament|duct|gland|canal|artery|vein|nerve|triangle|fascia|loop|"
    r"ring|rings|band|hook|"
    r"ulcer|cyst|nodules?|spots?|patches|lines?|lesions?|contracture|deformity|gait|ataxia|chorea|"
    r"dementia|aphasia|encephalopathy|neuropathy|dystrophy|myopathy|arteritis|vasculitis|arthritis|"
    r"nephropathy|nephritis|colitis|ileitis|gastritis|esophagitis|melanoma|leukemia|contractions?|"
    r"breathing|respirations?|"
    r"triad|tetrad|pentad|hump|effect|response|reaction|antibod(?:y|ies)|antigens?|virus|bacillus|"
    r"fever|rash|angina|infarct\w*|exam(?:ination)?|lift|bed|chair|frame|inventory|questionnaire|"
    r"assessment|interview|tool|screen|units?|plate|screws?|rods?|pins?|nails?|stent|blockers?|valve|filter|"
    r"pump|balloon|coil|shunt|reservoir|"
    r"prosthesis|implant|mesh|sutures?|stitch|knot|scissors|speculum|laryngoscope|bag|mask|cannula|"
    r"trocar|sponge|cautery|lamp|chart|card|cards|patch|rub|sounds?|nystagmus|pupil|hallux|osteotomy|"
    r"arthroplasty|fundoplication|gastrectomy|esophagectomy|hepatectomy|colectomy|mastectomy|"
    r"fixation|traction|reduction|approach|exercises?|therapy|stage[ ]\w+|type|zone|level|angle|ratio|"
    r"curve|plot|percentile|z-score|mutation|gene|chromosome|translocation|trait|factor|cofactor|"
    r"deficiency|purpura|nevus|keratosis|elastosis|stria[e]?|plexus|muscle|tendon|bursa|fat[ ]pad|"
    r"bone|process|pliers|bur|insoles?|tubercle|foramen|fossa|nucle(?:i|us)|shift|sleeve|knife|films?|sheet|pattern|phenomena|table|tip|zones"
)
HEAD_AFTER = re.compile(rf"(?:['’]s|s['’])?[ -]+(?:[a-z]+[ -]+)?(?:{HEADS})s?\b", re.I)
EPONYMOUS = re.compile(
    r"(?:[ -]+(?:[A-Z][\w]*|and|de|la|von)){1,3}[ ](?:syndrome|disease|anomaly|criteria|procedure|"
    r"disorder|dystrophy|operation|sign|score|scale|classification)\b|[ ][Mm]odel\b"
)
HEAD_SOON = re.compile(rf"(?:['’]s|s['’])?(?:[ -]+(?:{HEADS})s?\b|-[A-Z]\w+)", re.I)
NAMED_AFTER = re.compile(r"['’]s[ ](?:disease|syndrome|sign|palsy|phenomenon|criteria|classification|procedure)\b")
DRUG = re.compile(
    r"\w{3,}(?:mab|nib|pril|olol|statin|cillin|mycin|micin|azole|ovir|avir|tidine|prazole|sartan|"
    r"gliptin|gliflozin|glutide|dipine|zosin|caine|barbital|azepam|azolam|triptan|setron|parin|xaban|"
    r"cycline|floxacin|cef\w+|vastatin|profen|oxacin|thiazide|semide|lukast|terol|asone|olone|mide|"
    r"zumab|ximab|thyroxine|thyronine|ciclib|parib|platin|rubicin|taxel|trexed|bicin)\Z"
)
FINDING = re.compile(
    r"[a-z]{3,}(?:omas?|itis|osis|oses|a?emia|uria|pathy|pathies|plasias?|plasty|ectomy|ostomy|otomy|oscopy|graphy|"
    r"malacia|megaly|algia|dynia|rrh(?:o?ea|age)|trophy|penia|sclerosis|stenosis|lysis|genesis|zygous|cytes?|plegia|"
    r"paresis|a?esthesia|kinesia|ectasis|ectasia|iasis|types?|genic|folds|tions)\Z"
)
"""Endings of diseases, findings and procedures."""
DISEASE_NEXT = re.compile(
    r"(?:['’]s)?[ -](?:[A-Za-z]+[ -]){0,2}(?i:syndromes?|diseases?|disorders?|anomal(?:y|ies)|an?emia|"
    r"\w*(?:carcinoma|sarcoma)s?|lymphomas?|palsy|dystrophy|phenomenon|nystagmus|ataxia|chorea|deformity|mutations?|isoforms?|alleles?)\b"
)
"""What makes the name before it that of a disease: "Duane anomaly", "Merkel cell carcinoma"."""
RESULT_AFTER = re.compile(
    r"(?:['’]s)?[ ](?:[+-](?=[ ,.;)]|\Z)|(?i:neg(?:ative)?|pos(?:itive)?|excluded|absent|equivocal)\b|"
    r"[+-]ve\b|[A-Z]{1,3}\d+\b|[RL][LU]Q\b|"
    r"(?:vs\.?|versus|or)[ ](?=[A-Z]))"
)
DENIED_BEFORE = re.compile(
    r"(?:\b(?:[Nn]o|[Nn]eg(?:ative)?[ ]for|vs\.?|versus)|\b[Pp]lacenta|\bS(?:an|AN)(?:ta|TA)?)[ ]\Z"
)
PAIRS = group("pairs")
HYPHEN = re.compile(r"[ ]?[-–/][ ]?[A-Z][a-zé]+")


@lru_cache(maxsize=1 << 14)
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


def is_finding_word(word: str, lex: Lexicon) -> bool:
    """Whether a lower-case word has the ending of a disease, a finding or a procedure, and is no name or town.

    >>> from bedside.deid.lexicon.english import lexicon
    >>> is_finding_word("prolactinoma", lexicon()), is_finding_word("paloma", lexicon())
    (True, False)
    """
    if len(word) < 8 or not FINDING.match(word):
        return False
    return not lex.is_name(word) and word not in lex.cities and word not in lex.states


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
    if text[end : end + 2] in ("'s", "’s"):
        return NAMED_AFTER.match(text, end, end + 24) is not None
    return HEAD_SOON.match(text, end) is not None


def is_finding(text: str, start: int, end: int) -> bool:
    """Whether a lone name is denied, graded or compared like a sign or device: "no Barton", "Ahmed FP7 vs Molteno"."""
    return bool(RESULT_AFTER.match(text, end) or DENIED_BEFORE.search(text, max(0, start - 16), start))
