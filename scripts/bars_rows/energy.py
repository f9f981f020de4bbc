"""The bars of the power grid: accuracy (parity tests), speed beside lightsim2grid and power-grid-model in alternating runs.
The peers come from PyPI into build/peers (pip: lightsim2grid matpowercaseframes power-grid-model numpy scipy); their scripts lie in the shared folder."""
import json
import subprocess

from .common import BUILD, PYTHON, SHARED, check, median, row, timed

CASES = SHARED / "data" / "energy" / "matpower"
SCRIPTS = SHARED / "ref" / "energy" / "bench_peers"


def _json(command):
    result = check(timed([str(word) for word in command])[2])
    return [json.loads(line) for line in result.stdout.splitlines() if line.startswith("{")]


def _peer(script, *arguments):
    return _json([PYTHON, SCRIPTS / script, *arguments])


def _ours(name, *arguments):
    return _json([BUILD / "bin" / f"bench_energy_{name}", *arguments])[0]


def accuracy():
    """A1, A5, A6 (N-1) and the malformed cases: the parity, unit and property tests of energy."""
    rows = []
    for kind in ("unit", "parity", "property"):
        program = BUILD / "bin" / f"test_{kind}"
        listed = subprocess.run([program, "--list-test-names-only"], capture_output=True, text=True).stdout
        words = ("MATPOWER", "SimBench", "outage", "steps have the same bits", "malformed shared case", "published losses", "without voltage", "promotion")
        names = [name for name in listed.splitlines() if any(word in name for word in words)]
        result = subprocess.run([program, ",".join(f'"{name}"' for name in names)], capture_output=True, text=True)
        rows.append(row(f"energy {kind} tests", "failed", result.returncode, bool(names) and result.returncode == 0, tolerance="0", note=f"{len(names)} tests"))
    return rows


def warm_power_flow(runs=3):
    """S1: a warm power flow from the case's start against lightsim2grid (same tolerance 1e-8 p.u., thread CPU time, medians)."""
    rows = []
    for case in ("case118", "case1354pegase", "case9241pegase", "case_ACTIVSg10k"):
        ours, theirs = [], []
        for _ in range(runs):
            theirs.append(_peer("bench_single.py", "lightsim2grid", CASES / f"{case}.m")[0]["warm_median_s"])
            ours.append(_ours("power_flow", CASES / f"{case}.m")["warm_median_s"])
        ratio = median(theirs) / median(ours)
        rows.append(row(case, "times as fast as lightsim2grid, warm", round(ratio, 2), ratio >= 1.0, reference=median(theirs), source="lightsim2grid, s", tolerance=">= 1.0"))
    return rows


def radial_year(runs=3):
    """S3: 35,136 quarter-hours of a radial case against power-grid-model's iterative_current (1e-8), one thread; two threads against one."""
    rows = []
    for case in ("case33bw", "case141"):
        ours, theirs, ones, twos, figures = [], [], [], [], {}
        for _ in range(runs):
            peer = next(r for r in _peer("bench_radial.py", CASES / f"{case}.m") if r["method"] == "iterative_current")
            one, two = _ours("radial", CASES / f"{case}.m", 1), _ours("radial", CASES / f"{case}.m", 2)
            theirs.append(peer["cpu_s"])
            ours.append(one["cpu_s"])
            ones.append(one["wall_s"])
            twos.append(two["wall_s"])
            figures = dict(vmin=abs(one["vmin"] - peer["vmin"]), same=one["hash"] == two["hash"])
        ratio, scaling = median(theirs) / median(ours), median(ones) / median(twos)
        rows.append(row(case, "times as fast as power-grid-model, one thread", round(ratio, 1), ratio >= 10, reference=median(theirs), source="power-grid-model iterative_current, s", tolerance=">= 10"))
        rows.append(row(case, "two threads against one", round(scaling, 2), scaling >= 1.7, tolerance=">= 1.7"))
        rows.append(row(case, "difference of the lowest voltage", figures["vmin"], figures["vmin"] < 1e-7, unit="p.u.", tolerance="< 1e-7"))
        rows.append(row(case, "two threads give the bits of one", figures["same"], figures["same"], tolerance="true"))
    return rows


def contingencies(runs=3):
    """S5: N-1 against lightsim2grid, solved outages a second on one thread; two threads against one."""
    rows = []
    for case in ("case118", "case1354pegase"):
        ours, theirs, ones, twos, same = [], [], [], [], True
        for _ in range(runs):
            theirs.append(_peer("bench_n1.py", CASES / f"{case}.m")[0]["per_solved_s"])
            one, two = _ours("contingencies", CASES / f"{case}.m", 1), _ours("contingencies", CASES / f"{case}.m", 2)
            ours.append(one["solved_per_s"])
            ones.append(one["wall_s"])
            twos.append(two["wall_s"])
            same = same and one["hash"] == two["hash"]
        ratio, scaling = median(ours) / median(theirs), median(ones) / median(twos)
        rows.append(row(case, "solved outages a second against lightsim2grid", round(ratio, 2), ratio >= 2.5, reference=median(theirs), source="lightsim2grid, 1/s", tolerance=">= 2.5"))
        rows.append(row(case, "two threads against one", round(scaling, 2), scaling >= 1.7, tolerance=">= 1.7"))
        rows.append(row(case, "two threads give the bits of one", same, same, tolerance="true"))
    return rows


ROWS = {function.__name__: function for function in (accuracy, warm_power_flow, radial_year, contingencies)}
