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


def measure_agents(runs=5):
    """What bench_agent_models and Mesa print, in turns: lists by name."""
    found = {name: [] for name in ("flocking_large", "mesa", "flocking_80k", "flocking_80k two threads", "sir_1m", "sir_plain")}
    for _ in range(runs):
        found["flocking_large"].append(_bench("agent_models", "flocking_large", 1))
        found["mesa"].append(json.loads(check(timed([str(PYTHON), str(ROOT / "tests" / "bench" / "agents" / "mesa_flocking.py")])[2]).stdout))
        found["flocking_80k"].append(_bench("agent_models", "flocking_80k", 1))
        found["flocking_80k two threads"].append(_bench("agent_models", "flocking_80k", 2))
        found["sir_1m"].append(_bench("agent_models", "sir_1m", 1))
        found["sir_plain"].append(_bench("agent_models", "sir_plain"))
    return found


def updates_per_s(printed):
    return median([one["updates_per_s"] for one in printed])


def agents(runs=5):
    """Flocking and SIR as in the engine benchmarks; Mesa alternating."""
    found, rows = measure_agents(runs), []
    speed = {name: updates_per_s(printed) for name, printed in found.items()}
    ratio = speed["flocking_large"] / speed["mesa"]
    rows.append(row("flocking-large", "times faster than Mesa", round(ratio), ratio >= 100, reference=round(speed["mesa"]), source="Mesa, updates/s", tolerance=">= 100"))
    ratio = speed["flocking_80k two threads"] / speed["flocking_80k"]
    share = min(one["worker_share"] for one in found["flocking_80k two threads"])
    rows.append(row("flocking-80k", "two threads / one", round(ratio, 2), ratio >= 1.8 and share >= 0.2, reference=round(speed["flocking_80k"]), source="one thread, updates/s", tolerance=">= 1.8",
                    note=f"workers did {share:.0%} of the items"))
    ratio = speed["sir_1m"] / speed["sir_plain"]
    rows.append(row("sir-1m", "speed / plain loop", round(ratio, 2), ratio >= 0.85, reference=round(speed["sir_plain"]), source="plain loop, updates/s", tolerance=">= 0.85"))
    for model in ("flocking_large", "flocking_80k", "sir_1m"):
        hashes = {_bench("agent_models", model, threads)["hash"] for threads in (1, 2, 4, 7)}
        rows.append(row(model, "different hashes at 1, 2, 4, 7 threads", len(hashes), len(hashes) == 1, tolerance="1"))
    return rows


def recording_cost():
    """All road_link fields each minute, against no recording: Porto Alegre 06:00-12:00."""
    scenario = ROOT / "scenarios" / "porto_alegre" / "baseline.toml"
    window = ("--set", "start=\"2025-06-03T06:00:00\"", "--until", "2025-06-03T12:00:00", "--threads", 2)
    with_it, without = [], []
    for _ in range(5):
        record = run(scenario, WORK / "recording", *window, "--set", "record.interval=\"1 min\"", "--set", "record.fields=[\"road_link.*\"]")
        with_it.append(record["wall_s"])
        without.append(run(scenario, WORK / "recording", *window, "--set", "record.fields=[]")["wall_s"])
    cost = median(with_it) / median(without) - 1
    return [row("porto_alegre 06:00-12:00", "cost of recording every minute", round(100 * cost, 1), cost <= 0.10, unit="%", reference=round(median(without), 1), source="s without", tolerance="<= 10 %")]
