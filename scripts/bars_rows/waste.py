"""Waste: route planning against best known plans, at the clock."""
import json
import re

from .common import SHARED, WORK, check, citytwin, row

DATA = SHARED / "data" / "waste"


def _best(stem):
    return float(re.search(r"Cost\s*:?\s*([\d.]+)", (DATA / f"{stem}.sol").read_text())[1])


def _solve(stem, seconds, *options):
    folder = WORK / "waste" / stem.replace("/", "-")
    folder.mkdir(parents=True, exist_ok=True)
    wall, memory_mb, result = citytwin("solve", DATA / f"{stem}.vrp", "-o", folder, "--threads", 1, "--option", f"time_limit={seconds} s", *options)
    check(result)
    summary = json.loads((folder / "summary.json").read_text())
    summary["memory_mb"] = memory_mb
    return summary


def _gap(stem, seconds, limit):
    summary, best = _solve(stem, seconds), _best(stem)
    gap = 100 * (summary["cost"] / best - 1)
    held = summary["feasible"] and gap <= limit
    return [row(stem, f"gap after {seconds} s, one thread", round(gap, 2), held, unit="%", reference=best, source="best known cost", tolerance=f"<= {limit} %", note=f"{summary['vehicles']} routes, {summary['memory_mb']:.0f} MB"),
            row(stem, "time limit kept", round(summary["solve_s"] / seconds, 3), summary["solve_s"] <= 1.1 * seconds, reference=1, source=f"{seconds} s", tolerance="<= 1.1")]


def cvrp_10s():
    """Row 1: X-n101, X-n200, X-n502 in 10 s."""
    return [r for stem in ("cvrp/X-n101-k25", "cvrp/X-n200-k36", "cvrp/X-n502-k39") for r in _gap(stem, 10, 3)]


def cvrp_1000():
    """Row 2: X-n1001 in 60 s."""
    return _gap("cvrp/X-n1001-k43", 60, 3)


def leuven():
    """Row 3: Leuven1 (3000 stops) in 100 s."""
    return _gap("cvrp/Leuven1", 100, 4)


def ghent():
    """Row 3: Ghent1 (10,000 stops) in 300 s."""
    return _gap("cvrp/Ghent1", 300, 6)


def multi_trip():
    """Row 5: several trips with windows and releases in 60 s."""
    return [r for stem in ("multitrip/C202R0.25", "multitrip/R203R0.25") for r in _gap(stem, 60, 8)]


def windows_1000():
    """Row 6: 1000 stops with time windows in 120 s."""
    return [r for stem in ("vrptw/R1_10_1", "vrptw/RC2_10_5") for r in _gap(stem, 120, 8)]


def warm_restart():
    """Row 8: ten of 1000 bins changed; warm in a tenth of the cold time reaches the cold cost."""
    stem = "cvrp/X-n1001-k43"
    text, folder = (DATA / f"{stem}.vrp").read_text(), WORK / "waste" / "warm"
    folder.mkdir(parents=True, exist_ok=True)
    cold_s = 60
    before = _solve(stem, cold_s)
    routes = {}
    for line in (WORK / "waste" / stem.replace("/", "-") / "routes.csv").read_text().splitlines()[1:]:
        route, _, customer = line.split(",")
        routes.setdefault(route, []).append(customer)
    (folder / "before.sol").write_text("".join(f"Route #{r}: {' '.join(c)}\n" for r, c in routes.items()) + f"Cost {before['cost']}\n")
    # Ten stops swap their places with ten others: demands and lengths stay, the plan doesn't fit any more.
    lines, moved = text.splitlines(), {}
    first = next(i for i, line in enumerate(lines) if line.startswith("NODE_COORD_SECTION"))
    place = {i: lines[first + i].split()[1:] for i in range(1, 1002)}
    for k in range(10):
        a, b = 50 + 90 * k, 95 + 90 * k
        moved[a], moved[b] = (place[b], place[a]) if k < 5 else (place[a], place[b])
    for node, xy in moved.items():
        lines[first + node] = f"{node} {' '.join(xy)}"
    (folder / "changed.vrp").write_text("\n".join(lines) + "\n")

    def solve(seconds, *options):
        out = folder / f"out-{seconds}"
        out.mkdir(exist_ok=True)
        check(citytwin("solve", folder / "changed.vrp", "-o", out, "--threads", 1, "--option", f"time_limit={seconds} s", *options)[2])
        return json.loads((out / "summary.json").read_text())["cost"]

    cold, warm = solve(cold_s), solve(cold_s / 10, "--option", f"warm={folder / 'before.sol'}")
    return [row("X-n1001, ten places changed", "warm cost / cold cost", round(warm / cold, 4), warm <= cold, reference=cold, source=f"cold, {cold_s} s; warm {cold_s / 10:g} s", tolerance="<= 1")]


def threads():
    """Row 9: the same plan at 1, 2, 4, 7 threads under an iteration limit."""
    rows = []
    for stem, iterations in (("cvrp/X-n101-k25", 30), ("cvrp/X-n502-k39", 12), ("vrptw/R1_10_1", 2), ("multitrip/C202R0.25", 20)):
        plans = set()
        for count in (1, 2, 4, 7):
            folder = WORK / "waste" / f"threads-{count}"
            folder.mkdir(parents=True, exist_ok=True)
            result = citytwin("solve", DATA / f"{stem}.vrp", "-o", folder, "--threads", count, "--option", f"iterations={iterations}")[2]
            if result.returncode not in (0, 1):
                check(result)
            plans.add((folder / "routes.csv").read_text())
        rows.append(row(stem, "different plans at 1, 2, 4, 7 threads", len(plans), len(plans) == 1, tolerance="1"))
    return rows


ROWS = {"cvrp_10s": cvrp_10s, "cvrp_1000": cvrp_1000, "leuven": leuven, "ghent": ghent, "multi_trip": multi_trip, "windows_1000": windows_1000, "warm_restart": warm_restart, "threads": threads}
