"""What stands behind English names and gives them away: degrees, what people do and say, relatives, an age."""

from __future__ import annotations

import re

from bedside.deid.recognisers.names.en_cues import KIN

KIN_AFTER = re.compile(
    rf"['’]s[ ](?:[a-z]+[ ])?(?i:{KIN})\b|['’]?s?[ ]?[,(][ ]?(?i:(?:the|his|her|their|patient['’]s|"
    rf"pt['’]s)[ ])?(?:[a-z-]+[ ])?(?i:{KIN})\b"
)
CREDENTIAL = (
    r"(?:MD|M\.D\.?|DO|D\.O\.|RN|R\.N\.|NP|N\.P\.|PA-?C|PA|P\.A\.|Ph\.?D\.?|PHD|LCSW(?:-[A-Z])?|LICSW|"
    r"LMSW|LSW|MSW|LPN|LVN|CNA|BSN|MSN|DNP|APRN|ARNP|FNP(?:-[A-Z]+)?|AGNP|AGACNP|ACNP|PMHNP(?:-BC)?|"
    r"CNP|CRNP|CPNP|PNP|CNM|CRNA|MBBS|MBBCh|MBChB|MB\s?BS|FACS|FACP|FACC|FAAP|FACOG|FRCS\w*|PCT|NNP|"
    r"HCA|ODP|MB\s?BCh|BCh|BAO|MRCS|MRCGP|FRACP|FRANZCP|FANZCA|FRCP\w*|FRCR|MRCP\w*|DDS|DMD|DPM|DPT|"
    r"OTR(?:/L)?|COTA|PTA|MPT|CCC-SLP|SLP|RD|RDN|LDN|Pharm\.?D\.?|PharmD|RPh|PsyD|LMFT|LPC|LMHC|LCPC|"
    r"CADC|RRT|CRT|EMT(?:-[BP])?|NREMT|WOCN|CWOCN|CWS|SANE|CGC|BCBA|CCRN|CEN|RDMS|RDCS|RT\(R\)|Au\.?D|"
    r"D\.?C\.?(?=[\s,;.)]|$)|O\.D\.|PGY-?\d|MS[34]|CCLS|CHPN|ACSW|M\.S\.W\.|CDE|CDCES|MFT|MPH|"
    r"RPSGT|CCDS|MCSP|LAC|LCGC|RVT|RPVI|MDCM|RGN|CPN|MPsych|ABPP|ARDMS|FACG|FNP-C|CHPN|RCIS|MBChB|BDS|MSc|BPharm|"
    r"MPharm|"
    r"Radiologist|Pathologist|Neurologist|Cardiologist|Hospitalist)"
)
CREDENTIALS = re.compile(rf"[ ]?(?:,|\()?[ ]{{0,2}}(?=[A-Z])(?:{CREDENTIAL})(?![\w-])")
LONE_CREDENTIALS = re.compile(r"[ ]?,?[ ](?:MA|PT|OT|MS|DC|OD|RT|SW|CM|HUC|MLT|tech)\b(?=[\s,.;)]|$)")
PERSON_VERB = re.compile(
    r"(?:['’]s\b(?![ ](?:disease|syndrome|sign))|[ ](?:states|stated|reports|reported|says|said|"
    r"denies|denied|endorses|complains|told|tells|admits|verbalized|verbalizes|is[ ]an?[ ]\d|was[ "
    r"](?:seen|admitted|born|brought|discharged)|lives|lived|came|went|called|slept|ate|asked|asks|"
    r"agreed|agrees|presents[ ]|presented|arrived|who|wants|feels|c/o|recommended|at[ ]bedside|will[ "
    r"](?:use|call|follow|return|see|come)|has[ ]been|drove|attends|works)\b|,[ ](?:an?[ ])?\d{1,3}[ "
    r"-]?(?:y|yo|year|month|week|day|mo)|[ ](?:is[ ])?an?[ ]\d{1,3}[ -]?(?:y|year|month|week|day))"
)
PERSON_SAYS = re.compile(
    r"[ ](?:states|stated|reports|reported|says|said|denies|denied|complains|complained|c/o|asks|asked|tells|told|"
    r"agrees|agreed|wants|wanted|phoned|called|worries|worried|lives|lived|works|worked|drives|drove|smokes|smoked|"
    r"drinks|attends|attended|joined|refused|declined|consented|requested|visited|verbali[sz]e[sd]|admits|"
    r"admitted[ ]to|"
    r"endorses|endorsed|prefers|enjoys|hopes|understands|believes|remembers|scored|dialy[sz]es|tested|suggested|"
    r"transitioned|"
    r"remains[ ](?:intubated|stable|well|on)|tolerated|returns[ ](?:for|to|with|today)|presents|presented|"
    r"attempted|ambulated|voided|slept|has[ ](?:custody|concerns|been[ ]on)|s/p|"
    r"is[ ]an?[ ][a-z]+(?:er|or|ist|ian|ee|man)|(?:is|was)[ ](?:here|an?[ ]\d|accompanied|"
    r"seen[ ](?:in|by|for|with|at|today)|brought|born|discharged|admitted|referred|evaluated|examined)|"
    r"goes[ ](?:to|by)|(?:had|underwent)[ ](?:an?[ ])?[A-Z\d])\b"
)
PERSON_STATE = re.compile(
    r"[ ](?:has|had|is|was|will|does|did|takes|plays|goes|needs|lost|scored|returns|returned|remains|remained|"
    r"tolerated|transitioned|joined|uses|manages|helps|rates|suggested|trained|performed|arranged|refused|phoned|"
    r"visited|comes|consented|requested|signed|noted|appears|continues|met|left|moved|started|stopped|gave|got|made|"
    r"underwent|suffered|developed|reviewed|aware|notified|paged|saw|thinks|knows|likes|resting|dialyzes)\b"
)
OWN_KIN = re.compile(rf"['’]s[ ](?:[a-z]+[ ])?(?i:{KIN})\b")
AGE_AFTER = re.compile(
    r"['’]?s?[ ]?(?:,|\(|is an?|—|-)?[ ]{0,2}(?:an?[ ])?(?:\d{1,3}[ -]?(?:y/?o|yr|year|month|mo\b|"
    r"week|wk|day|[MF]\b)|\(?(?:MRN|DOB|mrn|dob)|\d{1,3}[MF]\b)"
)
