"""The plots of docs/performance.md, drawn by gnuplot. A plot ends with a digest of the data that it was drawn from, so that
a check needs no gnuplot to see whether it is still what the results give."""

import hashlib
import math
import pathlib
import shutil
import subprocess

PREAMBLE = """set terminal svg size {width},{height} dynamic background rgb 'white' font 'sans-serif,12'
set output
set grid back lc rgb '#dddddd'
set border 3
set tics nomirror
"""


class Plot:
    def __init__(self, name, title, size, commands, data):
        self.name, self.title, self.size, self.commands, self.data = name, title, size, commands, data

    def mark(self):
        return f"<!-- drawn from sha256:{hashlib.sha256((self.commands + self.data).encode()).hexdigest()} -->\n"

    def is_drawn(self, folder):
        path = pathlib.Path(folder) / f"{self.name}.svg"
        return path.exists() and path.read_text(encoding="utf-8").endswith(self.mark())

    def draw(self, folder):
        """False: it is old, and cannot be drawn here."""
        if self.is_drawn(folder):
            return True
        if shutil.which("gnuplot") is None:
            print(f"{self.name}.svg is old, and gnuplot is not installed (package gnuplot-nox)")
            return False
        width, height = self.size
        script = PREAMBLE.format(width=width, height=height) + f"$data << EOD\n{self.data}EOD\n" + self.commands
        drawn = subprocess.run(["gnuplot"], input=script, capture_output=True, text=True, check=True).stdout
        (pathlib.Path(folder) / f"{self.name}.svg").write_text(drawn + self.mark(), encoding="utf-8")
        return True


def quoted(text):
    return '"' + text.replace('"', "'").replace("_", r"\\_") + '"'


def ratios(results):
    """Bars with intervals: how many times a peer we are."""
    rows = []
    for result in results:
        for figure in result["figures"]:
            if figure["unit"] not in ("x", "ratio") or not figure["name"].startswith(("ours over", "times", "rate of the edge")):
                continue
            low, high = figure.get("interval", [figure["median"]] * 2)
            rows.append((f"{result['benchmark']}: {figure['name']}", figure["median"], low, high,
                         figure["goal"]["at"] if "goal" in figure else float("nan")))
    if not rows:
        return None
    data = "".join(f"{quoted(name)}\t{median:.6g}\t{low:.6g}\t{high:.6g}\t{goal:.6g}\n" for name, median, low, high, goal in rows)
    commands = f"""set datafile separator tab
set logscale x
set yrange [{len(rows) - 0.4}:-0.6]
set xlabel 'times as much as the peer'
set key bottom right
set lmargin 52
plot $data using (0.1):0:(0.1):2:($0-0.35):($0+0.35):ytic(1) with boxxyerror fs solid 0.6 lc rgb '#4477aa' title 'median', \\
     $data using 2:0:3:4 with xerrorbars pt 0 lw 1.5 lc rgb 'black' title '95 % interval', \\
     $data using 5:0 with points pt 2 ps 0.7 lc rgb '#cc3311' title 'goal'
"""
    return Plot("ratios", "Ours over each peer, median of pairs with its interval; crosses are goals", (900, 90 + 20 * len(rows)),
                commands, data)


def latencies(results):
    """Latency by percentile against load: orders in open loop."""
    found = {}
    for result in results:
        for figure in result["figures"]:
            words = figure["name"].split()
            if result["benchmark"] == "checkout" and words[0] == "completion" and words[-1] == "load":
                found.setdefault(int(words[3]), {})[words[1]] = figure["median"]
    percentiles = ["p50", "p90", "p99", "p99.9"]
    if not found:
        return None
    data = "".join(f"{load}\t" + "\t".join(f"{found[load][each]:.6g}" for each in percentiles) + "\n" for load in sorted(found))
    lines = ", \\\n     ".join(f"$data using 1:{column} with linespoints pt 7 ps 0.5 title '{each}'"
                               for column, each in enumerate(percentiles, 2))
    commands = f"""set datafile separator tab
set logscale y
set xlabel 'load, % of the rate that was measured'
set ylabel 'ms'
set xrange [20:95]
set key top left
plot {lines}
"""
    return Plot("latency", "checkout: from the moment an order was to be placed to its completion, open loop", (700, 420),
                commands, data)


def attainment(entry):
    """The geometric mean of how far its goals are reached; 1: on average, all."""
    shares = [value / goal if kind == "at least" else goal / value for value, goal, kind in entry["figures"].values()
              if value > 0 and goal > 0]
    return math.exp(sum(map(math.log, shares)) / len(shares)) if shares else None


def history(entries):
    names = sorted({entry["benchmark"] for entry in entries})
    blocks, drawn = [], []
    for name in names:
        rows = [(entry["at"][:16], entry["commit"], attainment(entry)) for entry in entries if entry["benchmark"] == name]
        rows = [row for row in rows if row[2] is not None]
        if rows:
            blocks.append("".join(f"{at}\t{share:.6g}\t{commit}\n" for at, commit, share in rows))
            drawn.append(name)
    if not drawn:
        return None
    lines = ", \\\n     ".join(f"$data index {index} using (timecolumn(1, '%Y-%m-%dT%H:%M')):2 with linespoints pt 7 ps 0.5 "
                               f"title '{name}'" for index, name in enumerate(drawn))
    commands = f"""set datafile separator tab
set xdata time
set timefmt '%Y-%m-%dT%H:%M'
set format x '%m-%d %H:%M'
set xtics rotate by -30
set logscale y
set ylabel 'goals reached (geometric mean)'
set key outside right
plot {lines}
"""
    return Plot("history", "What each commit that was measured reached of its goals", (900, 420), commands, "\n\n".join(blocks))


def plots_of(results, entries):
    return [plot for plot in (ratios(results), latencies(results), history(entries)) if plot]
