"""English triggers of context, after ConText (Harkema et al. 2009) with charts' own wordings."""

from __future__ import annotations

from bedside.phenotypes._rules import Rules, Trigger

_KIN = (
    r"(?:grand(?:mother|father|parents?|mothers|fathers|son|daughter)|(?:step|"
    r"half)?-?(?:mother|father|brother|sister)s?|mum|mom|dad"
    r"|siblings?|aunts?|uncles?|cousins?|nephews?|nieces?|(?:his|her) (?:son|"
    r"daughter)s?|(?:a|one|whose) (?:son|daughter)|parents?|relatives?"
    r"|(?:his|her|the) (?:wife|husband|twin|partner)|family members?)"
)
_TELLS = (
    r"(?:(?:also )?(?:reports?|reported|says?|said|states?|stated|noticed?|"
    r"noted?|describes?|described|denies|denied|brought|observed|"
    r"tells?|told|thinks?|gives|gave|is worried|was worried|are worried|"
    r"were worried|worries|is concerned|was concerned|has noticed|have noticed|"
    r"had noticed|feels?|felt|complains?))"
)
_VERB = (
    r"(?:has|have|had|reports?|reported|complains?|complaining|presents?|"
    r"presented|shows?|showed|developed|develops|is|was|are|were|"
    r"remains?|persists?|continues?|endorses?|notes|noted|admits|revealed?|"
    r"reveals|experiences|suffers|demonstrat\w+|exhibits|appeared|began|"
    r"started)"
)
_SUBJECT = (
    r"(?:he|she|they|i|it|there|the (?:patient|child|boy|girl|baby|infant|"
    r"man|woman|lady|gentleman|proband|newborn)|our patient|patient|"
    r"this|today|now|currently|examination|exam|ultrasound|mri|ct)"
)
_CLAUSE = (
    rf",\s*(?:and |but |while |whereas )?{_SUBJECT}\b|,\s*(?:and |but |while |"
    rf"whereas )?(?:also |still |now |only )?{_VERB}\b|,? and (?:now |also |"
    rf"still )?{_VERB}\b"
    rf"|\band {_SUBJECT} |,? (?:now|currently|today|presenting|presents|presented)"
    r" (?:with|for|has|reports)\b|,\s*with\b"
    rf"|,\s*(?:and |but |while |whereas )?(?:(?:his|her|the|a|one) )?{_KIN} {_VERB}\b"
)
_BUT = (
    r"\b(?:but|however|although|though|yet|except(?:ing)?(?: for)?|apart from|"
    r"other than|aside from|whereas|nevertheless|"
    r"despite|because|due to|secondary to|while|until|since)\b|;|\bwith the exception of\b"
)
_PRESENT = (
    r"\b(?:our patient|the patient|she herself|he himself|the (?:child|boy|"
    r"girl|baby|infant|proband))\b|,\s*(?:and |but |while )?(?:she|he)\b|"
    r"\b(?:examination|exam|physical)\b"
)
_YEAR_UNIT = r"(?:hours?|days?|weeks?|months?|years?|hrs?|wks?|mos?|yrs?)"

_TRIGGERS = [
    # wordings that look like others and say nothing
    Trigger(
        r"\bnot only\b|\bno (?:significant |further |interval )?(?:change|increase|"
        r"improvement|relief|response|doubt|wonder|better|worse)\b(?: (?:in|"
        r"of|from))?",
        way="none",
    ),
    Trigger(
        r"\bwithout (?:difficulty|relief|improvement|response|further delay|"
        r"treatment)\b|\bgram[- ]negative\b|\bno matter\b|\bnot (?:improv|respond|"
        r"reliev|resolv|controll|better|tolerat)\w*",
        way="none",
    ),
    Trigger(rf"\b(?:{_KIN}|family|carer|caregiver)(?: and {_KIN})?(?= {_TELLS}\b)", way="none"),
    Trigger(
        r"\b(?:according to|accompanied by|brought (?:in )?by|lives with|per|"
        rf"information from) (?:his |her |the )?{_KIN}\b|\b(?:mother|maternal)"
        r"(?:'s)? (?:pregnancy|age|serum)\b|\b(?:both )?parents (?:are|were)"
        r" (?:\w+ )?(?:consanguineous|cousins|healthy|well)\b|\bconsanguineous parents\b|"
        r"\bborn to\b[^,.;]*",
        way="none",
    ),
    Trigger(
        r"\b(?:\w+[- ])?(?:(?:\d+|one|two|three|four|five|six|seven|eight|ten|"
        rf"few|several|couple of|long)[- ]?(?:to[- ]\d+[- ])?(?:{_YEAR_UNIT})"
        rf"?|standing|brief|short|{_YEAR_UNIT})[- ](?:standing )?history of\b|"
        r"\bhistory of present(?:ing)? (?:illness|complaint)\b|\bhistory of (?:\d+|"
        rf"two|three|several) {_YEAR_UNIT}\b|\bnatural history\b",
        way="none",
    ),
    # uncertain, before the negations they contain
    Trigger(
        r"\b(?:can(?:not|'t| not)|could not|unable to|not) (?:be )?(?:rule[d]? out|"
        r"exclude[d]?)\b|\b(?:to|and|must|should|needs? to|in order to) (?:rule out|"
        r"exclude)\b|\brule[- ]out\b|\br/o\b",
        ("uncertain",),
        "around",
        stop=r",|\.",
    ),
    Trigger(
        r"\b(?:unclear|uncertain|unknown|not (?:certain|sure|clear|known)|unsure|"
        r"questionable)(?: (?:whether|if|about))\b",
        ("uncertain",),
        stop=_CLAUSE,
    ),
    Trigger(
        r"\b(?:unclear|uncertain|questionable|equivocal|in question|cannot be confirmed|"
        r"not (?:been )?confirmed|unconfirmed|pending confirmation|(?:(?:is|"
        r"was|are|were|being|remains?|strongly|clinically|initially) )+(?:suspected|"
        r"possible|likely|unlikely|probable|considered|entertained|questioned)"
        r"|(?:is|are) in the differential|to be (?:excluded|confirmed|ruled out)"
        r"|(?:seems?|appears?) (?:likely|possible|probable|unlikely))\b",
        ("uncertain",),
        "before",
        stop=rf",|{_CLAUSE}|\band\b",
    ),
    Trigger(
        r"\b(?:possible|possibly|probable|probably|(?:most |more |very |un)?likely|"
        r"suspected|suspect(?:s|ing)?|suspicious (?:for|of)|suspicion (?:of|"
        r"for)|may (?:have|be|represent|reflect|suggest|indicate)|might (?:have|"
        r"be|represent)|could (?:be(?: (?:due|secondary) to| caused by)?|have|"
        r"represent|reflect|indicate)|perhaps|doubt(?:ful)?|presumed|presumptive|"
        r"presumably|concerning for|concern for|worrisome for|suggest(?:s|ed|"
        r"ing)?|suggestive of|query|queried|question of|\?|differential(?: diagnos[ei]s)"
        r"?(?: of)?(?: includes?)?|consider(?:ed|ing)?|working diagnosis(?: of|"
        r" is)?|versus|vs\.?|appears? to have|seems? to have|impression of|equivocal for|"
        r"borderline)\b",
        ("uncertain",),
        stop=rf"{_CLAUSE}|\bgiven\b|\bwith\b|\bin (?:a|the) (?:patient|child)\b|\bis confirmed\b",
    ),
    # not yet so
    Trigger(
        r"\b(?:in case of|return (?:immediately |promptly )?(?:to \w+ ?\w* ?\w* )"
        r"?(?:for|with)|risk (?:of|for|factors? for)|at (?:high |increased |"
        r"low )?risk (?:of|for)|(?:worried|anxious|concerned|worr(?:y|ies)|counsell?ed|"
        r"warned|educated|advised|afraid|fearful|fears?) (?:about|of|regarding|"
        r"for|that)|fear of|(?:monitor|watch|watching|monitored|observe|look|"
        r"surveillance|alert|assess|evaluate|check|screen|screening|screened|"
        r"vigilant|testing|test)(?:ing|ed)? (?:out )?for(?: (?:any )?(?:signs?|"
        r"symptoms?|features?|evidence)(?: (?:and|or) (?:signs?|symptoms?))? of)"
        r"?|prevent(?:s|ing|ion)?(?: of)?|prophyla(?:xis|ctic)(?: (?:for|against|"
        r"of))?|avoid(?:ing|ance)?(?: of)?|as needed for|prn(?: for)?|signs? (?:and symptoms? )"
        r"?of (?=.*should)|(?:(?:may|might|could|can|would|will)(?: later| also|"
        r" subsequently)? (?:develop(?= \w)|cause|lead to|result in|trigger|"
        r"precipitate)))\b",
        ("hypothetical",),
        stop=rf"{_CLAUSE}",
    ),
    Trigger(
        r"\b(?:if|unless|in the event (?:of|that)|should (?:she|he|you|they|"
        r"it|the patient|the child|symptoms|any|there)|whenever|as soon as|in case|"
        r"when(?=.{0,60}\b(?:call|return|come|seek)\b))\b|\bshould(?=\s+[a-z]+(?: [a-z]+)"
        r"{0,3} (?:develop|occur|recur|appear|worsen|persist|arise))",
        ("hypothetical",),
        stop=r",\s*(?:then\b|please\b|call|return|go\b|seek|come|contact|take|we\b|"
        r"she should|he should|they should|today|start|give|stop|repeat)|\b(?:please|"
        r"today|currently|then)\b",
    ),
    Trigger(
        r"\b(?:return|call|come back|seek (?:help|care|medical attention)|contact us)"
        r"\b(?= (?:to|for|if|when))",
        way="none",
    ),
    Trigger(
        r"\b(?:may|might|could|can) (?:occur|develop|arise|result|follow|recur|ensue)\b(?! in)",
        ("hypothetical",),
        "before",
        stop=r",(?! or)",
    ),
    Trigger(
        r"\bshould (?:it |they |this )?(?:develop|occur|recur|appear|worsen|persist|arise)\b",
        ("hypothetical",),
        "before",
    ),
    # family
    Trigger(
        r"\bno (?:known |significant |relevant )?(?:family|familial) history of\b|"
        r"\bnegative family history (?:of|for)\b|\bfamily history (?:is |was )"
        r"?(?:negative|unremarkable|non-?contributory) (?:for|of|except for)"
        r"?",
        ("family", "negated"),
        stop=_CLAUSE,
    ),
    Trigger(
        r"\bfamily (?:medical )?history\b(?: (?:is|was) (?:notable|significant|"
        r"positive|remarkable) for| of|:)?|\b(?:FH|FHx|FamHx)\b:?",
        ("family",),
        stop=rf"{_PRESENT}|,\s*(?:denies|presents)\b|\b(?:PMH|presents|complains)\b",
    ),
    Trigger(
        r"\b(?:in|for|affecting) (?:his|her|the|a|both|one|two|three|several|"
        rf"many) (?:\w+ ){{0,2}}{_KIN}\b|\b(?:runs|common|present|prevalent) in (?:the|"
        r"his|her) family\b|\bin the family\b",
        ("family",),
        "before",
        stop=rf"{_PRESENT}|,",
    ),
    Trigger(
        rf"\b{_KIN}\b(?:'s)?|\b(?:maternal|paternal) (?:side|family|history)\b",
        ("family",),
        stop=rf"{_PRESENT}|,\s*(?:denies|presents)\b|\b(?:PMH|presents|complains)\b|,\s*and (?:now|currently)",
    ),
    # past
    Trigger(
        r"\b(?:past (?:medical |surgical )?history|medical history|PMHx?|PSH|"
        r"pmh)\b(?: (?:is |was )?(?:notable|significant|positive|remarkable)"
        r" for| of| includes?| included|:)?",
        ("historical",),
        stop=r"\b(?:presents?|presented|presenting|complains?|now|currently|today|"
        r"denies|FH|family history|examination|on examination|medications?)\b",
    ),
    Trigger(
        r"\b(?:no|denies|denied|without|negative)(?: a| any)?(?: known| prior|"
        r" previous| past| significant| relevant| personal)* (?:history|episodes?|"
        r"evidence|signs?|symptoms?|complaints?) of\b",
        ("negated",),
        stop=_CLAUSE,
    ),
    Trigger(
        r"\b(?:(?:a |an )?(?:prior |previous |remote |past |known |personal |"
        r"childhood )*history of|h/o|hx of|status[- ]post|s/p|previously(?: had|"
        r" diagnosed with| treated for| suffered(?: from)?)?|previous|prior|"
        r"formerly|former|used to have|had been (?:diagnosed|treated)(?: (?:with|"
        r"for))?|(?:was|been) (?:treated|hospitali[sz]ed|admitted|operated)(?: on)"
        r"? for|had (?:suffered|experienced)|recovered from|survivor of|remote|"
        r"old)\b",
        ("historical",),
        stop=rf",?\s*(?:now|currently|today|presents?|presenting|presented)\b|{_CLAUSE}|"
        r"\b(?:presents?|presented|complains?|is now)\b",
    ),
    Trigger(
        r"\b(?:resolved|(?:have|has) (?:since )?(?:resolved|disappeared|subsided|"
        r"cleared|stopped|ceased)|as an? (?:child|infant|teenager|baby|adolescent|"
        r"newborn|young adult)|during (?:childhood|infancy|adolescence)|in (?:early )"
        r"?(?:childhood|infancy|adolescence|the past|his youth|her youth)|(?:\w+ )"
        r"?years (?:ago|earlier|before|previously)|decades ago|in (?:19|20)\d\d|"
        r"long ago|last year|disappeared|subsided|was cured|had gone|years back|"
        r"(?:was|were) (?:removed|repaired|corrected|treated|cured|operated)"
        r"|at (?:the )?age (?:of )?\d+|(?=\bin (?:\w+ )?(?:19|20)\d\d))\b",
        ("historical",),
        "before",
        stop=r",\s*(?:now|currently|she|he|the)|\b(?:now|currently|today)\b",
    ),
    Trigger(r"\bin the past\b", ("historical",), "around", stop=r",|\b(?:now|currently|today)\b"),
    Trigger(
        r"\bwhen (?:she|he|they) (?:was|were) (?:a |an |very )?(?:child|young|"
        r"infant|baby|teenager|\d+|small|little|younger|born)\b",
        ("historical",),
        "before",
        stop=r",\s*(?:now|currently|she|he|the)|\b(?:now|currently|today)\b",
    ),
    Trigger(
        r"\bno longer (?:has|have|had|reports|experiences|suffers from|complains of)?\b", ("historical",), stop=_CLAUSE
    ),
    # denied
    Trigger(
        r"\b(?:ruled out|excluded|exclude[sd]?)(?= (?:by|on|with|after|via|through)\b|[.,;]|$)",
        ("negated",),
        "before",
        stop=rf",|{_CLAUSE}",
    ),
    Trigger(
        r"\b(?:(?:is|are|was|were|been) (?:absent|denied|negative|normal|not (?:seen|"
        r"observed|found|detected|present|noted|identified|demonstrated|palpable|"
        r"evident|reported|visuali[sz]ed|elicited|appreciated|heard|felt|confirmed)"
        r"|ruled out|excluded|(?:un)remarkable)|not (?:seen|observed|found|detected|"
        r"present|noted|identified|palpable|evident|reported|elicited|appreciated|"
        r"heard|apparent)|(?:has|have|had) (?:not|never) (?:been (?:seen|observed|"
        r"noted|present|reported)|occurred|developed)|never (?:occurred|happened|"
        r"seen|observed)|(?:absent|denied)(?=\s*(?:[.,;)]|$|today|and\b|on\b|"
        r"in\b|throughout))|not a (?:feature|problem|concern)|did not (?:occur|"
        r"develop)|:? ?negative(?! for)|:? ?none|:? ?nil)\b",
        ("negated",),
        "before",
        stop=rf",(?!\s*[\w -]+(?:,| or | and |\bwere\b|\bare\b))|{_CLAUSE}",
    ),
    Trigger(r"(?<=\w)[ -]free\b(?! of| from)", ("negated",), "before", stop=r",|\b(?:and|is|was|remains)\b"),
    Trigger(
        r"\b(?:no|not|n't|without|denies|denied|denying|deny|absence of|absent|"
        r"lacks?|lacking|lack of|never|neither|nor|none of|negative for|free (?:of|"
        r"from)|ruled out|rules out|excluded?|excludes|excluding|cannot|doesn't|"
        r"hasn't|didn't|isn't|wasn't|aren't|no evidence of|no signs? of|unremarkable for|"
        r"fails to (?:show|reveal)|failed to (?:show|reveal)|nil|rather than|"
        r"instead of|declines?|w/o|zero|non)\b",
        ("negated",),
        stop=rf"{_CLAUSE}|\bwith\b|\brather than\b|,\s*(?:since|for) |\bat birth\b",
    ),
]

ENGLISH = Rules(
    _TRIGGERS,
    ends=_BUT,
    begins=r"(?:(?<!\w)(?=[\w?])|(?=[ :?,-]))",
    sentence=r"(?<![A-Z]\.)(?<!\bvs)(?<!\bDr)(?<!\bMr)(?<!\bMrs)[.!](?=\s|$)|\?(?=\s+[A-Z]|$)|\n+",
    beside=[
        (r"", r"\s*\?", "uncertain"),
        (r"\?\s*$", r"", "uncertain"),
        (r"", r"\s*[(\[]?\s*(?:-ve|\(-\)|\[-\]|-\))", "negated"),
        (r"", r"\s*:\s*(?:no|none|nil|negative|absent|denied)\b", "negated"),
    ],
)
