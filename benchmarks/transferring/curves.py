"""Learning curves as SVG: error against utterances an intent, one picture a group of targets."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[2] / "docs" / "understanding-curves"
# Of Okabe and Ito: told apart by those who see fewer colours; marks tell them apart in print.
STYLES = {
    "maxent-crf": ("#7f7f7f", "s"),
    "bilstm-scratch": ("#d55e00", "o"),
    "bilstm-transfer": ("#e69f00", "^"),
    "bilstm-transfer-distilled": ("#009e73", "v"),
    "shared": ("#0072b2", "D"),
    "shared-finetuned": ("#cc79a7", "P"),
}
PANELS = (("intent_error", "intent error"), ("slot_f1", "slot F1"), ("semer", "SemER"))


def draw(groups: Mapping[str, Any], folder: Path = FOLDER) -> None:
    """`<group>.svg` for each group of targets, in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, group in groups.items():
        _picture(name, group["targets"], group["sizes"], folder / f"{name}.svg")


def _picture(name: str, targets: int, sizes: Mapping[str, Any], path: Path) -> None:
    import matplotlib as mpl
    from matplotlib.figure import Figure

    methods = [x for x in STYLES if any(x in by_method for by_method in sizes.values())]
    panels = [x for x in PANELS if any(f[x[0]] for by in sizes.values() for f in by.values())]
    # Words stay words, and the same figures give the same file.
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "sayso", "font.size": 9}):
        figure = Figure(figsize=(3.4 * len(panels), 3.2), layout="constrained")
        for place, (key, title) in enumerate(panels, 1):
            axes = figure.add_subplot(1, len(panels), place)
            for method in methods:
                _line(axes, method, key, sizes)
            axes.set(title=title, xlabel="utterances an intent, at most", ylim=(0, None))
            axes.set_xticks(range(len(sizes)), list(sizes))
            axes.grid(alpha=0.3)
        what = f"{targets} {name}" if targets > 1 else name
        lines, words = axes.get_legend_handles_labels()
        figure.legend(lines, words, loc="outside lower center", ncols=len(methods), frameon=False)
        figure.suptitle(what)
        figure.savefig(path, metadata={"Date": None, "Creator": None})


def _line(axes: Any, method: str, key: str, sizes: Mapping[str, Any]) -> None:
    """A method's means, and its 95 % intervals as a band."""
    known = [(x, by[method][key]) for x, by in enumerate(sizes.values()) if method in by]
    points = [(x, figure) for x, figure in known if figure]
    if not points:
        return
    places = [x for x, _ in points]
    colour, mark = STYLES[method]
    means = [figure["mean"] for _, figure in points]
    axes.plot(places, means, color=colour, marker=mark, markersize=4, linewidth=1.4, label=method)
    low, high = ([figure[end] for _, figure in points] for end in ("low", "high"))
    if any(a < b for a, b in zip(low, high, strict=True)):
        axes.fill_between(places, low, high, color=colour, alpha=0.1, linewidth=0)
