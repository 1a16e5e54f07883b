"""Medians, ratios and goals out of the runs; writes them as TSV, as an SVG plot and as a table."""
import collections
import html
import math
import statistics

import cells

LEAST_RUNS = 3  # fewer of one class are shown but decide nothing
PLACES = ["any", "core", "near", "far"]

Summary = collections.namedtuple("Summary", "runs low middle high cpu share")


def quartiles(values):
    if len(values) < 2:
        return values[0], values[0], values[0]
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
    return low, middle, high


def summarise(runs, chosen):
    """(cell, place, label) → Summary. Cells for which the distance does not matter have the one place `any`."""
    alone = {cell.name for cell in chosen if cell.alone}
    by_cpu = {cell.name for cell in chosen if cells.judged_by_cpu(cell)}
    groups = collections.defaultdict(list)
    for run in runs:
        place = "any" if run.cell in alone else run.place
        if place in PLACES:
            groups[run.cell, place, run.entry].append(run)
    return {key: Summary(len(group), *quartiles([r.cpu if r.cell in by_cpu else r.chunk for r in group]), statistics.median(r.cpu for r in group),
                         statistics.median(r.share for r in group)) for key, group in groups.items()}


def best(table, labels, field):
    found = [(getattr(table[label], field), label) for label in labels if label in table]
    return min(found, default=(None, None))


def judge(cell, table, other):
    """Whether the goal is met and, if not, in what it is missed. `other`: Janus in the cell to compare with."""
    mine, goal, misses, checked = table["Janus"], cell.goal, [], False
    parts = []
    if goal.twin and "C twin" in table:
        parts.append((mine.middle / table["C twin"].middle, goal.twin, "C twin"))
    for field, limit in (("middle", goal.peer), ("cpu", goal.cpu)):
        if limit:
            for label in cell.named:
                if label in table:
                    what = label if field == "middle" else f"{label}'s CPU"
                    parts.append((getattr(mine, field) / getattr(table[label], field), limit, what))
    if goal.collapse and other:
        parts.append((mine.middle / other.middle, goal.collapse, "singles" if "by" in cell.name else "two threads"))
    for ratio, limit, what in parts:
        checked = True
        if ratio > limit:
            misses.append(f"{ratio:.2f} × {what}")
    if cell.goal is cells.REPORTED:
        return "–"
    return ("?" if not checked else "no: " + ", ".join(misses) if misses else "yes")


def table_rows(chosen, summary):
    for cell in chosen:
        for place in PLACES:
            table = {label: s for (c, p, label), s in summary.items() if c == cell.name and p == place and s.runs >= LEAST_RUNS}
            if "Janus" not in table:
                continue
            mine, twin = table["Janus"], table.get("C twin")
            peers = [e.label for e in cell.entries if e.role == "peer"]
            peer_ns, peer_label = best(table, cell.named or peers, "middle")
            other = summary.get((cells.compared_with(cell.name), place, "Janus")) if cell.goal.collapse else None
            share = f" share {mine.share:.2f}" if cell.shared else ""
            yield [cell.name, place, f"{mine.middle:.2f}{share}", f"{twin.middle:.2f}" if twin else "missing",
                   f"{peer_label} {peer_ns:.2f}" if peer_label else "missing", f"{mine.middle / twin.middle:.3f}" if twin else "",
                   f"{mine.middle / peer_ns:.3f}" if peer_label else "", cell.goal.text, judge(cell, table, other)]


HEADER = ["cell", "place", "Janus ns", "C twin ns", "best peer ns", "/ twin", "/ peer", "goal", "met"]


def aligned(rows):
    rows = [HEADER, *rows]
    widths = [max(len(row[i]) for row in rows) for i in range(len(HEADER))]
    lines = ["| " + " | ".join(text.ljust(w) for text, w in zip(row, widths)) + " |" for row in rows]
    lines.insert(1, "|" + "|".join("-" * (w + 2) for w in widths) + "|")
    return lines


def plot(chosen, summary, path):
    """Dots at the medians with bars from the first to the third quartile, on a logarithmic axis, a block for each cell and place."""
    colours = {"janus": "#c0392b", "twin": "#2c3e50", "peer": "#7f8c8d"}
    blocks = []
    for cell in chosen:
        for place in PLACES:
            rows = [(e, summary[cell.name, place, e.label]) for e in cell.entries if (cell.name, place, e.label) in summary]
            if rows:
                blocks.append((f"{cell.title} ({place})" if place != "any" else cell.title, rows))
    if not blocks:
        return
    low = math.floor(math.log10(min(s.low for _, rows in blocks for _, s in rows)))
    high = math.ceil(math.log10(max(s.high for _, rows in blocks for _, s in rows)))
    left, width, row_height = 190, 640, 15

    def x(ns):
        return left + width * (math.log10(ns) - low) / (high - low)

    body, y = [], 30
    for title, rows in blocks:
        body.append(f'<text x="8" y="{y + 11}" font-weight="bold">{html.escape(title)}</text>')
        y += row_height + 2
        for entry, s in rows:
            colour, middle = colours[entry.role], y + row_height / 2
            body.append(f'<text x="{left - 8}" y="{y + 11}" text-anchor="end" fill="{colour}">{html.escape(entry.label)}</text>')
            body.append(f'<line x1="{x(s.low):.1f}" x2="{x(s.high):.1f}" y1="{middle}" y2="{middle}" stroke="{colour}" stroke-width="3" stroke-opacity="0.4"/>')
            body.append(f'<circle cx="{x(s.middle):.1f}" cy="{middle}" r="4" fill="{colour}"/>')
            body.append(f'<text x="{x(s.high) + 8:.1f}" y="{y + 11}" fill="{colour}">{s.middle:.3g}</text>')
            y += row_height
        y += 10
    grid = []
    for power in range(low, high + 1):
        at = x(10.0**power)
        grid.append(f'<line x1="{at:.1f}" x2="{at:.1f}" y1="20" y2="{y}" stroke="#ddd"/><text x="{at:.1f}" y="14" text-anchor="middle">{10.0**power:g} ns</text>')
    path.write_text(f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + width + 70}" height="{y + 10}" font-family="sans-serif" font-size="11">'
                    f'<rect width="100%" height="100%" fill="white"/>{"".join(grid)}{"".join(body)}</svg>\n')


def write(folder, runs, chosen, description, missing):
    with open(folder / "sync-runs.tsv", "w") as out:
        out.write("\t".join(runs[0]._fields if runs else ["empty"]) + "\n")
        for run in runs:
            out.write("\t".join(str(v) for v in run) + "\n")
    summary = summarise(runs, chosen)
    with open(folder / "sync.tsv", "w") as out:
        out.write("cell\tplace\timplementation\truns\tns_median\tns_quartile_1\tns_quartile_3\tcpu_ns_median\tsmallest_share\n")
        for (cell, place, label), s in sorted(summary.items()):
            out.write(f"{cell}\t{place}\t{label}\t{s.runs}\t{s.middle:.3f}\t{s.low:.3f}\t{s.high:.3f}\t{s.cpu:.3f}\t{s.share:.3f}\n")
    plot(chosen, summary, folder / "sync.svg")
    dropped = sum(run.place not in PLACES for run in runs)
    lines = [f"- {line}" for line in description]
    lines.append(f"- {len(runs)} runs; {dropped} belong to no class, because the processors moved or were taken by others meanwhile")
    lines += [f"- missing: {what}: {why}" for what, why in missing.items()] or ["- missing: nothing"]
    lines += ["", *aligned(list(table_rows(chosen, summary)))]
    (folder / "sync-table.md").write_text("\n".join(lines) + "\n")
    print("\n".join(lines))
