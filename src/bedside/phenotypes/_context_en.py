"""English triggers of context, after ConText (Harkema et al. 2009) with charts' own wordings."""

from __future__ import annotations

from bedside.phenotypes._rules import Rules, Trigger

_KIN = (
    r"(?:grand(?:mother|father|parents?|mothers|fathers|son|daughter)|(?:step|half)?-?(?:mother|father|brother|sister)s?|mum|mom|dad"
    r"|siblings?|aunts?|uncles?|cousins?|nephews?|nieces?|(?:his|her) (?:son|daughter)s?|(?:a|one|whose) (?:son|daughter)|parents?|relatives?"
    r"|(?:his|her|the) (?:wife|husband|twin|partner)|family members?)"
)
_TELLS = (
    r"(?:(?:also )?(?:reports?|reported|says?|said|states?|stated|noticed?|noted?|describes?|described|denies|denied|brought|observed|"
    r"tells?|told|thinks?|gives|gave|is worried|was worried|are worried|were worried|worries|is concerned|was concerned|has noticed|have noticed|had noticed|feels?|felt|complains?))"
)
_VERB = (
    r"(?:has|have|had|reports?|reported|complains?|complaining|presents?|presented|shows?|showed|developed|develops|is|was|are|were|"
    r"remains?|persists?|continues?|endorses?|notes|noted|admits|revealed?|reveals|experiences|suffers|demonstrat\w+|exhibits|appeared|began|started)"
)
_SUBJECT = (
    r"(?:he|she|they|i|it|there|the (?:patient|child|boy|girl|baby|infant|man|woman|lady|gentleman|proband|newborn)|our patient|patient|"
    r"this|today|now|currently|examination|exam|ultrasound|mri|ct)"
)
_CLAUSE = (
    rf",\s*(?:and |but |while |whereas )?{_SUBJECT}\b|,\s*(?:and |but |while |whereas )?(?:also |still |now |only )?{_VERB}\b|,? and (?:now |also |still )?{_VERB}\b"
    rf"|\band {_SUBJECT} |,? (?:now|currently|today|presenting|presents|presented) (?:with|for|has|reports)\b|,\s*with\b"
)
_BUT = (
    r"\b(?:but|however|although|though|yet|except(?:ing)?(?: for)?|apart from|other than|aside from|whereas|nevertheless|"
    r"despite|because|due to|secondary to|while|until|since)\b|;|\bwith the exception of\b"
)
_PRESENT = rf"\b(?:our patient|the patient|she herself|he himself|the (?:child|boy|girl|baby|infant|proband))\b|,\s*(?:and |but |while )?(?:she|he)\b|\b(?:examination|exam|physical)\b"
_YEAR_UNIT = r"(?:hours?|days?|weeks?|months?|years?|hrs?|wks?|mos?|yrs?)"

_TRIGGERS = [
    # wordings that look like others and say nothing
    Trigger(r"\bnot only\b|\bno (?:significant |further |interval )?(?:change|increase|improvement|relief|response|doubt|wonder|better|worse)\b(?: (?:in|of|from))?", way="none"),
    Trigger(r"\bwithout (?:difficulty|relief|improvement|response|further delay|treatment)\b|\bgram[- ]negative\b|\bno matter\b|\bnot (?:improv|respond|reliev|resolv|controll|better|tolerat)\w*", way="none"),
    Trigger(rf"\b(?:{_KIN}|family|carer|caregiver)(?: and {_KIN})?(?= {_TELLS}\b)", way="none"),
    Trigger(rf"\b(?:according to|accompanied by|brought (?:in )?by|lives with|per|information from) (?:his |her |the )?{_KIN}\b|\b(?:mother|maternal)(?:'s)? (?:pregnancy|age|serum)\b|\b(?:both )?parents (?:are|were) (?:\w+ )?(?:consanguineous|cousins|healthy|well)\b|\bconsanguineous parents\b|\bborn to\b[^,.;]*", way="none"),
    Trigger(rf"\b(?:\w+[- ])?(?:(?:\d+|one|two|three|four|five|six|seven|eight|ten|few|several|couple of|long)[- ]?(?:to[- ]\d+[- ])?(?:{_YEAR_UNIT})?|standing|brief|short|{_YEAR_UNIT})[- ](?:standing )?history of\b|\bhistory of present(?:ing)? (?:illness|complaint)\b|\bhistory of (?:\d+|two|three|several) {_YEAR_UNIT}\b|\bnatural history\b", way="none"),
    # uncertain, before the negations they contain
    Trigger(r"\b(?:can(?:not|'t| not)|could not|unable to|not) (?:be )?(?:rule[d]? out|exclude[d]?)\b|\b(?:to|and|must|should|needs? to|in order to) (?:rule out|exclude)\b|\brule[- ]out\b|\br/o\b", ("uncertain",), "around", stop=r",|\."),
    Trigger(r"\b(?:unclear|uncertain|unknown|not (?:certain|sure|clear|known)|unsure|questionable)(?: (?:whether|if|about))\b", ("uncertain",), stop=_CLAUSE),
    Trigger(r"\b(?:unclear|uncertain|questionable|equivocal|in question|cannot be confirmed|not (?:been )?confirmed|unconfirmed|pending confirmation|(?:(?:is|was|are|were|being|remains?|strongly|clinically|initially) )+(?:suspected|possible|likely|unlikely|probable|considered|entertained|questioned)|(?:is|are) in the differential|to be (?:excluded|confirmed|ruled out)|(?:seems?|appears?) (?:likely|possible|probable|unlikely))\b", ("uncertain",), "before", stop=rf",|{_CLAUSE}|\band\b"),
    Trigger(r"\b(?:possible|possibly|probable|probably|(?:most |more |very |un)?likely|suspected|suspect(?:s|ing)?|suspicious (?:for|of)|suspicion (?:of|for)|may (?:have|be|represent|reflect|suggest|indicate)|might (?:have|be|represent)|could (?:be(?: (?:due|secondary) to| caused by)?|have|represent|reflect|indicate)|perhaps|doubt(?:ful)?|presumed|presumptive|presumably|concerning for|concern for|worrisome for|suggest(?:s|ed|ing)?|suggestive of|query|queried|question of|\?|differential(?: diagnos[ei]s)?(?: of)?(?: includes?)?|consider(?:ed|ing)?|working diagnosis(?: of| is)?|versus|vs\.?|appears? to have|seems? to have|impression of|equivocal for|borderline)\b", ("uncertain",), stop=rf"{_CLAUSE}|\bgiven\b|\bwith\b|\bin (?:a|the) (?:patient|child)\b|\bis confirmed\b"),
    # not yet so
    Trigger(r"\b(?:in case of|return (?:immediately |promptly )?(?:to \w+ ?\w* ?\w* )?(?:for|with)|risk (?:of|for|factors? for)|at (?:high |increased |low )?risk (?:of|for)|(?:worried|anxious|concerned|worr(?:y|ies)|counsell?ed|warned|educated|advised|afraid|fearful|fears?) (?:about|of|regarding|for|that)|fear of|(?:monitor|watch|watching|monitored|observe|look|surveillance|alert|assess|evaluate|check|screen|screening|screened|vigilant|testing|test)(?:ing|ed)? (?:out )?for(?: (?:any )?(?:signs?|symptoms?|features?|evidence)(?: (?:and|or) (?:signs?|symptoms?))? of)?|prevent(?:s|ing|ion)?(?: of)?|prophyla(?:xis|ctic)(?: (?:for|against|of))?|avoid(?:ing|ance)?(?: of)?|as needed for|prn(?: for)?|signs? (?:and symptoms? )?of (?=.*should)|(?:(?:may|might|could|can|would|will)(?: later| also| subsequently)? (?:develop(?= \w)|cause|lead to|result in|trigger|precipitate)))\b", ("hypothetical",), stop=rf"{_CLAUSE}"),
    Trigger(r"\b(?:if|unless|in the event (?:of|that)|should (?:she|he|you|they|it|the patient|the child|symptoms|any|there)|whenever|as soon as|in case|when(?=.{0,60}\b(?:call|return|come|seek)\b))\b|\bshould(?=\s+[a-z]+(?: [a-z]+){0,3} (?:develop|occur|recur|appear|worsen|persist|arise))", ("hypothetical",), stop=r",\s*(?:then\b|please\b|call|return|go\b|seek|come|contact|take|we\b|she should|he should|they should|today|start|give|stop|repeat)|\b(?:please|today|currently|then)\b"),
    Trigger(r"\b(?:return|call|come back|seek (?:help|care|medical attention)|contact us)\b(?= (?:to|for|if|when))", way="none"),
    Trigger(r"\b(?:may|might|could|can) (?:occur|develop|arise|result|follow|recur|ensue)\b(?! in)", ("hypothetical",), "before", stop=r",(?! or)"),
    Trigger(r"\bshould (?:it |they |this )?(?:develop|occur|recur|appear|worsen|persist|arise)\b", ("hypothetical",), "before"),
    # family
    Trigger(r"\bno (?:known |significant |relevant )?(?:family|familial) history of\b|\bnegative family history (?:of|for)\b|\bfamily history (?:is |was )?(?:negative|unremarkable|non-?contributory) (?:for|of|except for)?", ("family", "negated"), stop=_CLAUSE),
    Trigger(r"\bfamily (?:medical )?history\b(?: (?:is|was) (?:notable|significant|positive|remarkable) for| of|:)?|\b(?:FH|FHx|FamHx)\b:?", ("family",), stop=rf"{_PRESENT}|,\s*(?:denies|presents)\b|\b(?:PMH|presents|complains)\b"),
    Trigger(rf"\b(?:in|for|affecting) (?:his|her|the|a|both|one|two|three|several|many) (?:\w+ ){{0,2}}{_KIN}\b|\b(?:runs|common|present|prevalent) in (?:the|his|her) family\b|\bin the family\b", ("family",), "before", stop=rf"{_PRESENT}|,"),
    Trigger(rf"\b{_KIN}\b(?:'s)?|\b(?:maternal|paternal) (?:side|family|history)\b", ("family",), stop=rf"{_PRESENT}|,\s*(?:denies|presents)\b|\b(?:PMH|presents|complains)\b|,\s*and (?:now|currently)"),
    # past
    Trigger(r"\b(?:past (?:medical |surgical )?history|medical history|PMHx?|PSH|pmh)\b(?: (?:is |was )?(?:notable|significant|positive|remarkable) for| of| includes?| included|:)?", ("historical",), stop=r"\b(?:presents?|presented|presenting|complains?|now|currently|today|denies|FH|family history|examination|on examination|medications?)\b"),
    Trigger(r"\b(?:no|denies|denied|without|negative)(?: a| any)?(?: known| prior| previous| past| significant| relevant| personal)* (?:history|episodes?|evidence|signs?|symptoms?|complaints?) of\b", ("negated",), stop=_CLAUSE),
    Trigger(r"\b(?:(?:a |an )?(?:prior |previous |remote |past |known |personal |childhood )*history of|h/o|hx of|status[- ]post|s/p|previously(?: had| diagnosed with| treated for| suffered(?: from)?)?|previous|prior|formerly|former|used to have|had been (?:diagnosed|treated)(?: (?:with|for))?|(?:was|been) (?:treated|hospitali[sz]ed|admitted|operated)(?: on)? for|had (?:suffered|experienced)|recovered from|survivor of|remote|old)\b", ("historical",), stop=rf",?\s*(?:now|currently|today|presents?|presenting|presented)\b|{_CLAUSE}|\b(?:presents?|presented|complains?|is now)\b"),
    Trigger(r"\b(?:resolved|(?:have|has) (?:since )?(?:resolved|disappeared|subsided|cleared|stopped|ceased)|as an? (?:child|infant|teenager|baby|adolescent|newborn|young adult)|during (?:childhood|infancy|adolescence)|in (?:early )?(?:childhood|infancy|adolescence|the past|his youth|her youth)|(?:\w+ )?years (?:ago|earlier|before|previously)|decades ago|in (?:19|20)\d\d|long ago|last year|disappeared|subsided|was cured|had gone|years back|(?:was|were) (?:removed|repaired|corrected|treated|cured|operated)|at (?:the )?age (?:of )?\d+|(?=\bin (?:\w+ )?(?:19|20)\d\d))\b", ("historical",), "before", stop=rf",\s*(?:now|currently|she|he|the)|\b(?:now|currently|today)\b"),
    Trigger(r"\bin the past\b", ("historical",), "around", stop=r",|\b(?:now|currently|today)\b"),
    Trigger(r"\bwhen (?:she|he|they) (?:was|were) (?:a |an |very )?(?:child|young|infant|baby|teenager|\d+|small|little|younger|born)\b", ("historical",), "before", stop=r",\s*(?:now|currently|she|he|the)|\b(?:now|currently|today)\b"),
    Trigger(r"\bno longer (?:has|have|had|reports|experiences|suffers from|complains of)?\b", ("historical",), stop=_CLAUSE),
    # denied
    Trigger(r"\b(?:ruled out|excluded|exclude[sd]?)(?= (?:by|on|with|after|via|through)\b|[.,;]|$)", ("negated",), "before", stop=rf",|{_CLAUSE}"),
    Trigger(r"\b(?:(?:is|are|was|were|been) (?:absent|denied|negative|normal|not (?:seen|observed|found|detected|present|noted|identified|demonstrated|palpable|evident|reported|visuali[sz]ed|elicited|appreciated|heard|felt|confirmed)|ruled out|excluded|(?:un)remarkable)|not (?:seen|observed|found|detected|present|noted|identified|palpable|evident|reported|elicited|appreciated|heard|apparent)|(?:has|have|had) (?:not|never) (?:been (?:seen|observed|noted|present|reported)|occurred|developed)|never (?:occurred|happened|seen|observed)|(?:absent|denied)(?=\s*(?:[.,;)]|$|today|and\b|on\b|in\b|throughout))|not a (?:feature|problem|concern)|did not (?:occur|develop)|:? ?negative(?! for)|:? ?none|:? ?nil)\b", ("negated",), "before", stop=rf",(?!\s*[\w -]+(?:,| or | and |\bwere\b|\bare\b))|{_CLAUSE}"),
    Trigger(r"(?<=\w)[ -]free\b(?! of| from)", ("negated",), "before", stop=r",|\b(?:and|is|was|remains)\b"),
    Trigger(r"\b(?:no|not|n't|without|denies|denied|denying|deny|absence of|absent|lacks?|lacking|lack of|never|neither|nor|none of|negative for|free (?:of|from)|ruled out|rules out|excluded?|excludes|excluding|cannot|doesn't|hasn't|didn't|isn't|wasn't|aren't|no evidence of|no signs? of|unremarkable for|fails to (?:show|reveal)|failed to (?:show|reveal)|nil|rather than|instead of|declines?|w/o|zero|non)\b", ("negated",), stop=rf"{_CLAUSE}|\bwith\b|\brather than\b|,\s*(?:since|for) |\bat birth\b"),
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
