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
    "relation_f1": ("F1 of relations", "关系 F1"),
    "relation_precision": ("Precision of relations", "关系精确率"),
    "relation_recall": ("Recall of relations", "关系召回率"),
    "relation_macro_f1": ("F1 of relations, mean over types", "关系 F1（类型平均）"),
    "c_index": ("C-index (Harrell)", "C 指数（Harrell）"),
    "c_uno": ("C-index, weighted for censoring (Uno)", "C 指数（Uno，按删失加权）"),
    "ibs": ("Integrated Brier score, lower is better", "积分 Brier 评分（越低越好）"),
    "calibration": ("Observed against predicted, lower is better", "观察与预测之差（越低越好）"),
    "observed": ("Observed (Kaplan-Meier)", "观察值（Kaplan-Meier）"),
    "predicted": ("Predicted", "预测值"),
    "answer_f1": ("Token F1 of answers", "答案词级 F1"),
    "answer_em": ("Exact answers", "答案完全匹配"),
    "has_answer_f1": ("Token F1 where there is an answer", "有答案时的词级 F1"),
    "has_answer_em": ("Exact where there is an answer", "有答案时的完全匹配"),
    "no_answer_accuracy": ("Right where there is no answer", "无答案时的正确率"),
    "qwk": ("Quadratic weighted kappa", "二次加权 Kappa"),
    "ccc": ("Concordance (Lin)", "Lin 一致性相关系数"),
    "mae": ("Mean absolute error, lower is better", "平均绝对误差（越低越好）"),
    "rmse": ("Root mean squared error, lower is better", "均方根误差（越低越好）"),
    "spearman": ("Rank correlation (Spearman)", "Spearman 秩相关"),
    "coverage": ("Share of 90 % intervals that hold the truth", "90% 区间包含真值的比例"),
    "set_coverage": ("Sets that hold the right label", "集合包含正确标签的比例"),
    "set_size": ("Labels a set holds, mean", "集合平均标签数"),
    "single": ("Sets of one label", "仅含一个标签的集合"),
    "doubted": ("Answers in doubt: a person is asked", "存疑、须人工判断的结果"),
    "risk_answered": ("Wrong among the answers not in doubt", "不存疑结果中的错误率"),
    "risk_all": ("Wrong among all answers", "全部结果中的错误率"),
    "aurc": ("Area under the risk curve, lower is better", "风险曲线下面积（越低越好）"),
    "width": ("Width of the 90 % interval, lower is better", "90% 区间宽度（越低越好）"),
    "rougeL": ("ROUGE-L", "ROUGE-L"),
    "rouge1": ("ROUGE-1", "ROUGE-1"),
    "rouge2": ("ROUGE-2", "ROUGE-2"),
    "bertscore": ("BERTScore", "BERTScore"),
    "answered": ("Rows that got a text", "已生成文本的行"),
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
    "against": ("The other model", "对照模型"),
    "chance": ("Chance", "随机"),
    "majority": ("Majority class", "多数类"),
    "tfidf": ("TF-IDF + logistic regression", "TF-IDF + 逻辑回归"),
    "dictionary": ("Dictionary of the training part", "训练数据词典"),
    "cooccurrence": ("All pairs, as most of their types", "全部实体对，取同类型多数关系"),
    "pair_words": ("Words between and around + logistic regression", "实体间及周围词语 + 逻辑回归"),
    "kaplan_meier": ("Kaplan-Meier of the training part", "训练数据的 Kaplan-Meier 曲线"),
    "ridge_cox": ("TF-IDF + ridge Cox", "TF-IDF + 岭回归 Cox"),
    "columns_cox": ("Ridge Cox on columns", "结构化列的岭回归 Cox"),
    "no_answer": ("No answer, always", "始终回答“无答案”"),
    "sentence": ("Sentence of highest TF-IDF overlap", "TF-IDF 重合最高的句子"),
    "columns": ("Regression on columns", "结构化列的回归"),
    "ridge": ("TF-IDF + ridge regression", "TF-IDF + 岭回归"),
    "median": ("Median of the training part", "训练数据中位数"),
    "mean": ("Mean of the training part", "训练数据均值"),
    "lead": ("First sentence of the source", "原文首句"),
    "longest": ("Longest sentence of the source", "原文最长句"),
    "whole": ("The source itself", "原文全文"),
    "bm25": ("BM25", "BM25"),
    "untuned": ("The encoder before the fit", "训练前的编码器"),
}


def metric_name(name: str) -> str:
    """A figure's name, e.g. "F1, macro"; `brier@12` is a figure at time 12, `recall@10` one with a name of its own."""
    if name in _METRICS:
        return tr(*_METRICS[name])
    kind, _, at = name.partition("@")
    said = tr(*_METRICS.get(kind, (kind, kind)))
    return said + tr(f", at {at}", f"，时间 {at}") if at else said


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
        return f"{figure.value:z.{digits}f} [{figure.low:z.{digits}f}, {figure.high:z.{digits}f}]"
    return str(figure)


def p_shown(p: float) -> str:
    """A p value as papers print it.

    >>> p_shown(0.0004), p_shown(0.031)
    ('p < 0.001', 'p = 0.031')
    """
    if p < 0.001:
        return "p < 0.001"
    return f"p = {p:.3f}"
