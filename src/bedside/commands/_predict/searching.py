"""What a ranking model searches: a corpus, the documents of the rows it is measured on; and a second, slower judge."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bedside.commands._io import progress, say
from bedside.errors import UsageError
from bedside.lang import counted, tr

if TYPE_CHECKING:
    from bedside.config import DataRecipe
    from bedside.evaluate.metrics import Evaluation
    from bedside.model.corpus import Corpus
    from bedside.model.folder import Model
    from bedside.model.rows import Labelled
    from bedside.types import Undefined

SETTINGS = ("corpus", "top")


def ranks(model: Model) -> bool:
    """Whether a model's answers are rankings."""
    from bedside.model.forms import FORMS

    return FORMS[model.head] == "ranking"


def data_settings(words: Sequence[str]) -> dict[str, Any]:
    """`--set data.KEY=VALUE` of a command that fits nothing."""
    from bedside.commands._fit.recipe import settings

    found = settings(words)
    data = found.pop("data", {})
    if strange := [*found, *(f"data.{key}" for key in data if key not in SETTINGS)]:
        allowed = [f"data.{key}" for key in SETTINGS]
        raise UsageError(tr("cannot be set here", "此处不可设置"), value=", ".join(strange), allowed=allowed)
    return dict(data)


def searching(
    model: Model, folder: Path, data: DataRecipe, reranker: Path | None = None, *, alone: bool = False
) -> Model:
    """The model with the corpus that `data` names, to answer with its `top` documents; other models as they are.

    `alone`: questions come without documents of their own, so that a corpus there must be.
    """
    if not ranks(model):
        return model
    if alone and not data.corpus:
        raise UsageError(
            tr("no documents to rank: no corpus is named", "没有可排序的文档：未指定文档库"),
            next="--set data.corpus=FILE",
        )
    corpora = (_opened(model, folder, data, keep_texts=reranker is not None),) if data.corpus else ()
    return _bound(model, corpora, data.top, reranker)


def measured(model: Model, folder: Path, data: DataRecipe, rows: Labelled, reranker: Path | None = None) -> Model:
    """The model over all documents of the rows, and those of the corpus that `data` names, by what they say."""
    if not ranks(model):
        return model
    from bedside.model.forms.ranking import DEPTH

    own = _of_rows(model, rows)
    keep = reranker is not None
    more = (_opened(model, folder, data, keep_texts=keep).by_key(),) if data.corpus else ()
    return _bound(model, (*own, *more), DEPTH, reranker)


def corpus_texts(model: Model, folder: Path, data: DataRecipe) -> list[str]:
    """The documents of the corpus that `data` names, for rivals that read them; none of a model that does not rank."""
    return _file(folder, data).texts() if data.corpus and ranks(model) else []


def untuned_rival(
    model: Model, data: DataRecipe, rows: Labelled, texts: Sequence[str], seed: int
) -> dict[str, Evaluation | Undefined]:
    """A rival of its own for a ranking model: `untuned`."""
    return {"untuned": untuned(model, data, rows, texts, seed)} if ranks(model) else {}


def untuned(model: Model, data: DataRecipe, rows: Labelled, texts: Sequence[str], seed: int) -> Evaluation | Undefined:
    """The backbone as it was before the fit, over the same candidates; `texts` are those of the corpus."""
    from bedside.backbones._load import load_backbone
    from bedside.commands._evaluate.measuring import answers_of
    from bedside.errors import BedsideError
    from bedside.heads.rank import RankHead
    from bedside.model.corpus import Corpus
    from bedside.model.corpus_file import embed
    from bedside.model.engines.torch import TorchEngine
    from bedside.model.forms.ranking import DEPTH
    from bedside.model.lists import key_of
    from bedside.types import Undefined

    try:
        backbone = load_backbone(model.settings["backbone"]["name"])
    except BedsideError as fault:
        return Undefined(reason=fault.what, n=len(rows))
    engine = TorchEngine(backbone.network, RankHead(backbone.hidden_size), backbone.tokenizer, backbone.pad_id)
    before = replace(model, engine=engine, bound=None)
    own = _of_rows(before, rows)
    more = (Corpus(list(map(key_of, texts)), embed(before, list(texts))),) if texts else ()
    found, _ = answers_of(_bound(before, (*own, *more), DEPTH, None), rows)
    return found.measure(rows.labels, rows.patients if data.patient else None, seed=seed)


def _of_rows(model: Model, rows: Labelled) -> tuple[Corpus, ...]:
    """The right documents of the rows, each once."""
    from bedside.model.corpus import Corpus
    from bedside.model.corpus_file import embed
    from bedside.model.lists import key_of

    texts = list(dict.fromkeys(one.second for one in rows.given if one.second))
    return (Corpus(list(map(key_of, texts)), embed(model, texts), texts),) if texts else ()


def _opened(model: Model, folder: Path, data: DataRecipe, *, keep_texts: bool) -> Corpus:
    file = _file(folder, data)
    with progress(tr("reading the corpus", "读取文档库")) as advance:
        corpus = file.open(model, advance)
    if problems := file.left_out():
        first = f"{problems[0].place}: {problems[0].what}"
        said = f"{counted(len(problems), 'row')} of the corpus could not be used; the first: {first}"
        say(tr(said, f"文档库中 {len(problems)} 行无法使用；第一处：{first}"), quiet=True)
    return replace(corpus, texts=file.texts()) if keep_texts else corpus


def _file(folder: Path, data: DataRecipe) -> Any:
    from bedside.model.corpus_file import CorpusFile
    from bedside.receipt import file_sha256

    if data.corpus is None or not data.corpus.is_file():
        raise UsageError(tr("no such file", "文件不存在"), where="data.corpus", value=str(data.corpus))
    return CorpusFile(data, file_sha256(folder / "manifest.json"))


def _bound(model: Model, corpora: tuple[Corpus, ...], depth: int, reranker: Path | None) -> Model:
    from bedside.model.forms.ranking import RankForm

    rerank = _judge(reranker) if reranker else None
    return replace(model, bound=RankForm(model.head, corpora, depth, rerank))


def _judge(folder: Path) -> Callable[[str, Sequence[str]], Sequence[float]]:
    """A fitted `pair` model of two labels: the probability of the second, yes, for a question and each document."""
    from bedside.model.folder import open_model
    from bedside.model.given import Given
    from bedside.types import Prediction

    model = open_model(folder)
    if model.head != "pair" or len(model.labels) != 2:
        raise UsageError(
            tr("a reranker is a pair model of two labels", "重排序模型须为两个标签的成对模型"),
            value=str(folder),
            next="bedside fit PAIRS --text question --text-b document --head pair -o MODEL",
        )
    yes = model.labels[1]

    def judge(question: str, documents: Sequence[str]) -> list[float]:
        said = model.predict([question] * len(documents), [Given(second=one) for one in documents])
        return [one.probabilities[yes] for one in said if isinstance(one, Prediction)]

    return judge
