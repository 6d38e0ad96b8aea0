"""Papers made up for tests: trials that agree, one that contradicts, one that is retracted; RIS in Chinese."""

from __future__ import annotations

from pathlib import Path

_ARTICLE = """<PubmedArticle><MedlineCitation><PMID>{pmid}</PMID><Article><Journal>
<JournalIssue><PubDate><Year>{year}</Year></PubDate></JournalIssue>
<Title>Journal of Examples</Title></Journal><ArticleTitle>{title}</ArticleTitle>
<Abstract>{abstract}</Abstract><PublicationTypeList>{types}</PublicationTypeList></Article>
<MeshHeadingList><MeshHeading><DescriptorName>Humans</DescriptorName></MeshHeading>
<MeshHeading><DescriptorName>Gout</DescriptorName></MeshHeading></MeshHeadingList>{links}</MedlineCitation>
<PubmedData><ArticleIdList><ArticleId IdType="doi">10.1000/{pmid}</ArticleId></ArticleIdList></PubmedData>
</PubmedArticle>"""


def _article(pmid: str, year: int, title: str, parts: dict[str, str], types: str, retracted: bool = False) -> str:
    abstract = "".join(f'<AbstractText Label="{label}">{said}</AbstractText>' for label, said in parts.items())
    kinds = "".join(f"<PublicationType>{one}</PublicationType>" for one in types.split(";"))
    links = '<CommentsCorrectionsList><CommentsCorrections RefType="RetractionIn"/></CommentsCorrectionsList>'
    return _ARTICLE.format(
        pmid=pmid, year=year, title=title, abstract=abstract, types=kinds, links=links if retracted else ""
    )


def pubmed(path: Path) -> Path:
    """Four articles: 101 and 102 agree on death, 103 contradicts them and itself, 104 is retracted."""
    trial = "Randomized Controlled Trial;Journal Article"
    articles = [
        _article(
            "101",
            2018,
            "Colchicine after myocardial infarction: a randomised trial",
            {
                "BACKGROUND": "Inflammation drives atherosclerosis. "
                "We aimed to find out whether colchicine reduces deaths.",
                "METHODS": "A total of 4,745 patients with recent myocardial infarction were randomly assigned to "
                "colchicine or placebo. The primary outcome was death from any cause.",
                "RESULTS": "Death occurred in 43 of 2366 patients (1.8%) in the colchicine group "
                "and in 44 of 2379 "
                "patients (1.8%) in the placebo group. The risk of stroke was lower with colchicine (HR 0.26, "
                "95% CI 0.10 to 0.70; P=0.007).",
                "CONCLUSIONS": "Colchicine lowered the risk of stroke.",
            },
            trial,
        ),
        _article(
            "102",
            2020,
            "Low-dose colchicine in chronic coronary disease",
            {
                "BACKGROUND": "Evidence from a trial is needed.",
                "METHODS": "We randomly assigned 5,522 patients with coronary disease to colchicine or placebo.",
                "RESULTS": "The risk of stroke was lower in the colchicine group (hazard ratio, 0.66; 95% CI, 0.45 to "
                "0.97; P=0.03). The risk of pneumonia was higher (HR 1.84, 95% CI 1.12 to 3.02).",
                "CONCLUSIONS": "Colchicine may reduce strokes but increase pneumonia.",
            },
            trial,
        ),
        _article(
            "103",
            2021,
            "Colchicine and stroke: a cohort study",
            {
                "METHODS": "This retrospective cohort study included 812 patients with gout.",
                "RESULTS": "The risk of stroke was higher in users (HR 1.40, 95% CI 1.10 to 1.80). "
                "Adjusted for age, the "
                "risk of death was lower (HR 0.80, 95% CI 0.90 to 1.10; P=0.01).",
                "CONCLUSIONS": "Colchicine users had more strokes.",
            },
            "Journal Article",
        ),
        _article(
            "104",
            2019,
            "A retracted trial of ice",
            {"RESULTS": "Ice cured everyone (RR 9.0, 95% CI 8.0 to 9.9)."},
            trial,
            True,
        ),
    ]
    path.write_text(f"<PubmedArticleSet>{''.join(articles)}</PubmedArticleSet>", encoding="utf-8")
    return path


def chinese(path: Path) -> Path:
    """Two Chinese references in RIS, one with headings and one without."""
    path.write_text(
        "TY  - JOUR\nTI  - 秋水仙碱对急性心肌梗死患者卒中风险的影响\n"
        "PY  - 2022\nJO  - 中华示例杂志\nDO  - 10.1000/zh1\n"
        "KW  - 秋水仙碱; 心肌梗死\n"
        "AB  - 目的：探讨秋水仙碱对急性心肌梗死患者卒中风险的影响。"
        "方法：选取120例急性心肌梗死患者，随机分为观察组和对照组，每组60例。"
        "观察组给予秋水仙碱治疗，对照组给予安慰剂。结果：观察组卒中风险低于对照组（HR=0.50，95%CI：0.30～0.83，P=0.008）。"
        "结论：秋水仙碱可降低卒中风险。\nER  - \n"
        "TY  - JOUR\nTI  - 痛风的治疗进展\nPY  - 2021\nJO  - 中华示例杂志\nAN  - zh2\n"
        "AB  - 痛风是一种常见的代谢性疾病，发病率逐年升高。"
        "本文就痛风的药物治疗作一综述。\nER  - \n",
        encoding="utf-8",
    )
    return path
