"""Medians, spreads, ratios and goals out of the runs; as text, TSV and Markdown."""
import statistics

import cells
import measure

SHOWN = [name for name in cells.MEASURES if name not in ("time", "cpu", "over")]


class Table:
    """`runs` maps (cell's name, engine) to {round: figure}."""

    def __init__(self, chosen, runs, description):
        self.chosen, self.runs, self.description = chosen, runs, description

    def engines(self, cell):
        return [engine for engine in cell.engines if self.runs.get((cell.name, engine))]

    def values(self, name, engine, what):
        found = (cells.measure(what, figure) for figure in self.runs.get((name, engine), {}).values())
        return [value for value in found if value is not None]

    def column(self, name, engine, column):
        return [figure[column] for figure in self.runs[name, engine].values()]

    def ratio(self, what, ours, other):
        """Of two (cell, engine): the median over the rounds that have both, because what disturbs one round disturbs both."""
        mine, theirs = self.runs.get(ours, {}), self.runs.get(other, {})
        pairs = [(cells.measure(what, mine[i]), cells.measure(what, theirs[i])) for i in sorted(mine.keys() & theirs.keys())]
        pairs = [a / b for a, b in pairs if a is not None and b]
        return statistics.median(pairs) if pairs else None

    def row(self, cell, engine):
        """(engine, wall, cpu, cpu/op, operations a second, ours over this, what else is measured), all as texts."""
        def spread(column):
            values = self.column(cell.name, engine, column)
            return f"{statistics.median(values):.3f} ({min(values):.3f}-{max(values):.3f})"
        rate = statistics.median(figure["ops"] / figure["wall"] for figure in self.runs[cell.name, engine].values())
        ratio = self.ratio("cpu", (cell.name, "store"), (cell.name, engine))
        more = []
        for what in SHOWN:
            values = self.values(cell.name, engine, what)
            if values:
                title, _, form = cells.MEASURES[what]
                more.append(f"{title} {form.format(statistics.median(values))}")
        cpu = statistics.median(self.values(cell.name, engine, "cpu"))
        return engine, spread("wall"), spread("cpu"), f"{cpu:.3f}", f"{rate:,.0f}", f"{ratio:.2f}" if ratio else "", "; ".join(more)

    def rounds(self, cell):
        return max((len(self.runs[cell.name, engine]) for engine in self.engines(cell)), default=0)

    def text(self, cell):
        lines = [f"{cell.name}: {cell.title}, {cell.keys:,} keys, {self.rounds(cell)} rounds",
                 f"  {'':14}  {'wall s (least-most)':24}  {'cpu s (least-most)':24}  {'cpu µs/op':>10}  {'ops/s':>12}  store/this"]
        for engine in self.engines(cell):
            name, wall, cpu, each, rate, ratio, more = self.row(cell, engine)
            lines.append(f"  {name:14}  {wall:24}  {cpu:24}  {each:>10}  {rate:>12}  {ratio:>10}  {more}".rstrip())
        return "\n".join(lines) + "\n"

    def goals(self):
        """([(met, text)], [text of those that were not measured])"""
        judged, unmeasured = [], []
        for goal in cells.goals():
            if goal.cell not in {cell.name for cell in self.chosen}:
                continue
            ours = (goal.cell, "store")
            if goal.other:
                value = self.ratio(goal.measure, ours, goal.other)
            else:
                values = self.values(*ours, goal.measure)
                value = statistics.median(values) if values else None
            if value is None:
                unmeasured.append(f"{goal.cell}: {goal.says}")
                continue
            met, missed = measure.judge(value, goal.limit)
            judged.append((met, f"{goal.cell}: {goal.says}: {value:.4g}, at most {goal.limit:.4g} wanted{missed}"))
        return judged, unmeasured

    def markdown(self):
        parts = ["# Storage engines", "", *(f"- {line}" for line in self.description), "",
                 "Medians of interleaved rounds, smallest to largest in brackets; `store/this` is our processor time over the row's.", ""]
        for cell in self.chosen:
            if self.engines(cell):
                parts += [f"## {cell.name}: {cell.title} ({cell.keys:,} keys, {self.rounds(cell)} rounds)", "",
                          "| | wall s | cpu s | cpu µs/op | ops/s | store/this | |", "|---|---|---|---|---|---|---|"]
                parts += ["| " + " | ".join(self.row(cell, engine)) + " |" for engine in self.engines(cell)] + [""]
        judged, unmeasured = self.goals()
        parts += ["## Goals", ""] + [f"- {'met' if met else '**missed**'}: {says}" for met, says in judged]
        parts += [f"- not measured: {says}" for says in unmeasured]
        return "\n".join(parts) + "\n"

    def tsv(self):
        """(every run with each of its columns, summary of the measures)"""
        every, summary = ["cell\tengine\tround\tcolumn\tvalue"], ["cell\tengine\trounds\tmeasure\tmedian\tleast\tmost"]
        for cell in self.chosen:
            for engine in self.engines(cell):
                runs = self.runs[cell.name, engine]
                every += [f"{cell.name}\t{engine}\t{number}\t{column}\t{value:g}" if isinstance(value, float) else
                          f"{cell.name}\t{engine}\t{number}\t{column}\t{value}" for number, figure in runs.items() for column, value in figure.items()]
                for what in cells.MEASURES:
                    values = self.values(cell.name, engine, what)
                    if values:
                        summary.append(f"{cell.name}\t{engine}\t{len(values)}\t{what}\t{statistics.median(values):.6g}\t{min(values):.6g}\t{max(values):.6g}")
        return "\n".join(every) + "\n", "\n".join(summary) + "\n"


def write(table, out):
    out.mkdir(parents=True, exist_ok=True)
    every, summary = table.tsv()
    (out / "db-runs.tsv").write_text(every)
    (out / "db.tsv").write_text(summary)
    (out / "db-table.md").write_text(table.markdown())
