"""B5: what the engine costs."""
import json
import subprocess

from .common import BUILD, PYTHON, ROOT, WORK, check, median, row, run, timed


def _bench(name, *arguments):
    return json.loads(check(timed([str(BUILD / "bin" / f"bench_{name}"), *map(str, arguments)])[2]).stdout)


def engine_step():
    """Five modules in a chain, each reading and writing one field."""
    value = median([_bench("engine_step")["citytwin"] for _ in range(5)])
    return [row("five modules in a chain", "time a step", value, value <= 5, unit="us", tolerance="<= 5")]


def agents(runs=5):
    """Flocking and SIR as in the engine benchmarks; Mesa alternating."""
    rows, mesa, large = [], [], []
    for _ in range(runs):
        large.append(_bench("agent_models", "flocking_large", 1)["updates_per_s"])
        mesa.append(json.loads(check(timed([str(PYTHON), str(ROOT / "tests" / "bench" / "agents" / "mesa_flocking.py")])[2]).stdout)["updates_per_s"])
    ratio = median(large) / median(mesa)
    rows.append(row("flocking-large", "times faster than Mesa", round(ratio), ratio >= 100, reference=round(median(mesa)), source="Mesa, updates/s", tolerance=">= 100"))
    one, two = [], []
    for _ in range(runs):
        one.append(_bench("agent_models", "flocking_80k", 1)["updates_per_s"])
        two.append(_bench("agent_models", "flocking_80k", 2)["updates_per_s"])
    rows.append(row("flocking-80k", "two threads / one", round(median(two) / median(one), 2), median(two) / median(one) >= 1.8, reference=round(median(one)), source="one thread, updates/s", tolerance=">= 1.8"))
    sir, plain = [], []
    for _ in range(runs):
        sir.append(_bench("agent_models", "sir_1m", 1)["updates_per_s"])
        plain.append(_bench("agent_models", "sir_plain")["updates_per_s"])
    rows.append(row("sir-1m", "speed / plain loop", round(median(sir) / median(plain), 2), median(sir) / median(plain) >= 0.85, reference=round(median(plain)), source="plain loop, updates/s", tolerance=">= 0.85"))
    for model in ("flocking_large", "flocking_80k", "sir_1m"):
        hashes = {_bench("agent_models", model, threads)["hash"] for threads in (1, 2, 4, 7)}
        rows.append(row(model, "different hashes at 1, 2, 4, 7 threads", len(hashes), len(hashes) == 1, tolerance="1"))
    return rows


def recording_cost():
    """All road_link fields each minute, against no recording: Porto Alegre 06:00-12:00."""
    scenario = ROOT / "scenarios" / "porto_alegre" / "baseline.toml"
    window = ("--set", "start=\"2025-06-03T06:00:00\"", "--until", "2025-06-03T12:00:00", "--threads", 2)
    with_it, without = [], []
    for _ in range(2):
        record = run(scenario, WORK / "recording", *window, "--set", "record.interval=\"1 min\"", "--set", "record.fields=[\"road_link.*\"]")
        with_it.append(record["wall_s"])
        without.append(run(scenario, WORK / "recording", *window, "--set", "record.fields=[]")["wall_s"])
    cost = median(with_it) / median(without) - 1
    return [row("porto_alegre 06:00-12:00", "cost of recording every minute", round(100 * cost, 1), cost <= 0.10, unit="%", reference=round(median(without), 1), source="s without", tolerance="<= 10 %")]
