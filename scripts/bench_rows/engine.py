"""Benchmarks of the engine, the queue model and the import (ratio: how many times faster we are)."""
from bars_rows.common import median
from bars_rows.roads import measure_import
from bars_rows.speed import engine_step, measure_agents, updates_per_s
from bars_rows.traffic import measure_grid

from .common import compared


def agents(runs=5):
    found = measure_agents(runs)
    speed = {name: updates_per_s(printed) for name, printed in found.items()}
    two = found["flocking_80k two threads"]
    return [compared("flocking-large", "agent updates/s", speed["flocking_large"], "Mesa 3.3", speed["mesa"], ">= 100", runs),
            compared("flocking-80k, two threads", "agent updates/s", speed["flocking_80k two threads"], "citytwin, one thread", speed["flocking_80k"], ">= 1.8", runs,
                     worker_share=median([one["worker_share"] for one in two])),
            compared("sir-1m", "agent updates/s", speed["sir_1m"], "plain loop", speed["sir_plain"], ">= 0.85", runs)]


def queue_grid(runs=3):
    ours, two, theirs = measure_grid(runs)
    one_s, two_s, sumo_s = median([r["solve_s"] for r in ours]), median([r["solve_s"] for r in two]), median([r["seconds"] for r in theirs])
    return [compared("queue model, grid30, one thread", "s", one_s, "sumo 1.28 meso", sumo_s, ">= 3", runs, more_is_better=False),
            compared("queue model, grid30, two threads", "s", two_s, "citytwin, one thread", one_s, ">= 1.6", runs, more_is_better=False)]


def osm_import(runs=3):
    rows = []
    for name in ("poa", "baltimore"):
        ours, theirs, our_mb, their_mb = measure_import(name, runs)
        rows.append(compared(f"city import {name}", "s", ours, "netconvert 1.28", theirs, ">= 10", runs, more_is_better=False, memory_mb=our_mb, peer_memory_mb=their_mb))
    return rows


def step(runs=5):
    return [compared("five modules in a chain, a step", "us", engine_step()[0]["citytwin"], None, None, "<= 5", runs)]


ROWS = (step, agents, queue_grid, osm_import)
