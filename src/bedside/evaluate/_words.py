"""The names of figures, baselines and groups as a reader meets them, in both languages."""

from __future__ import annotations

from bedside.lang import tr
from bedside.types import Estimate, Figure, Undefined

_METRICS = {
    "accuracy": ("Accuracy", "准确率"),
    "balanced_accuracy": ("Balanced accuracy", "平衡准确率"),
    "macro_f1": ("F1, macro", "宏平均 F1"),
    "micro_f1": ("F1, micro", "微平均 F1"),
    "macro_precision": ("Precision, macro", "宏平均精确率"),
    "macro_recall": ("Recall, macro", "宏平均召回率"),
    "micro_precision": ("Precision, micro", "微平均精确率"),
    "micro_recall": ("Recall, micro", "微平均召回率"),
    "auroc": ("AUROC", "AUROC（受试者工作特征曲线下面积）"),
    "auprc": ("AUPRC", "AUPRC（精确率-召回率曲线下面积）"),
    "brier": ("Brier score, lower is better", "Brier 评分（越低越好）"),
    "ece": ("Calibration error (ECE), lower is better", "校准误差 ECE（越低越好）"),
    "hamming_loss": ("Hamming loss, lower is better", "汉明损失（越低越好）"),
    "entity_f1": ("F1 of entities", "实体 F1"),
    "entity_precision": ("Precision of entities", "实体精确率"),
    "entity_recall": ("Recall of entities", "实体召回率"),
    "entity_macro_f1": ("F1 of entities, mean over types", "实体 F1（类型平均）"),
    "mrr": ("Mean reciprocal rank", "平均倒数排名 MRR"),
    "ndcg@10": ("nDCG of the first 10", "前 10 位 nDCG"),
    "recall@1": ("Recall, first 1", "首位召回率"),
    "recall@10": ("Recall, first 10", "前 10 位召回率"),
    "recall@100": ("Recall, first 100", "前 100 位召回率"),
    "precision": ("Precision", "精确率"),
    "recall": ("Recall", "召回率"),
    "f1": ("F1", "F1"),
    "support": ("Rows", "行数"),
}
_MODELS = {
    "model": ("This model", "本模型"),
    "chance": ("Chance", "随机"),
    "majority": ("Majority class", "多数类"),
    "tfidf": ("TF-IDF + logistic regression", "TF-IDF + 逻辑回归"),
    "dictionary": ("Dictionary of the training part", "训练数据词典"),
    "bm25": ("BM25", "BM25"),
    "untuned": ("The encoder before the fit", "训练前的编码器"),
    "columns": ("Logistic regression on columns", "结构化列的逻辑回归"),
}


def metric_name(name: str) -> str:
    """A figure's name, e.g. "F1, macro"."""
    return tr(*_METRICS.get(name, (name, name)))


def model_name(name: str) -> str:
    """A baseline's name, e.g. "Majority class"; `model` is the model itself."""
    return tr(*_MODELS.get(name, (name, name)))


def shown(figure: Figure | int, digits: int = 3) -> str:
    """A figure in one cell: `0.914 [0.893, 0.921]`, or why there is none.

    >>> shown(Undefined(reason="one class only in the data"))
    '— one class only in the data'
    """
    if isinstance(figure, Undefined):
        return f"— {figure.reason}"
    if isinstance(figure, Estimate):
        return f"{figure.value:.{digits}f} [{figure.low:.{digits}f}, {figure.high:.{digits}f}]"
    return str(figure)


def p_shown(p: float) -> str:
    """A p value as papers print it.

    >>> p_shown(0.0004), p_shown(0.031)
    ('p < 0.001', 'p = 0.031')
    """
    if p < 0.001:
        return "p < 0.001"
    return f"p = {p:.3f}"
