"""Asks peers for the voltages and heads of exported moments; run by the peers' Python (h5py, numpy, lightsim2grid, epanet): one JSON line an answer.
usage: peer_networks.py grid RUN TIME_S CASE.m        lightsim2grid, from a flat start
       peer_networks.py water RUN TIME_S NET.inp      EPANET's toolkit, the steady state of the file"""
import json
import re
import sys

import h5py
import numpy


def row_at(results, name, time_s):
    """The recorded row that ends at this time since the run's start; a time that isn't there is an error."""
    times = results[name]["time"][:]
    rows = numpy.flatnonzero(times == time_s)
    if len(rows) != 1:
        raise SystemExit(f"{name}: {len(rows)} recorded rows end at {time_s} s, expected one")
    return int(rows[0])


def grid(run, time_s, case):
    from lightsim2grid.network.from_matpower import init
    results = h5py.File(run + "/results.h5")
    recorded = results["power_bus/voltage"][row_at(results, "power_bus", time_s)]
    text = open(case).read()
    tables = {name: re.search(r"mpc\." + name + r" = \[\n(.*?)\];", text, re.S).group(1).strip().split("\n") for name in ("bus", "branch")}
    numbers = numpy.array([int(line.split()[0]) for line in tables["bus"]])
    own = numbers <= len(recorded)                       # an upstream bus that joins several substations has no row of its own
    left_out = numpy.ones(len(recorded), bool)
    left_out[numbers[own] - 1] = False
    voltages = init(case).ac_pf(numpy.ones(len(numbers), complex), 40, 1e-8)
    solved = len(voltages) == len(numbers)
    apart = numpy.abs(numpy.abs(voltages[own]) - recorded[numbers[own] - 1]) if solved else numpy.array([numpy.inf])
    return dict(solved=bool(solved), compared=int(own.sum()), entities=len(recorded), worst=float(apart.max()), not_a_number=int(numpy.isnan(recorded).sum()),
                left_out=int(left_out.sum()), left_out_live=int((recorded[left_out] != 0).sum()), branches=len(tables["branch"]), city_branches=len(results["power_branch/id"]) if "power_branch" in results else None)


def water(run, time_s, inp):
    import warnings
    warnings.simplefilter("ignore")
    import epanet.toolkit as en
    results = h5py.File(run + "/results.h5")
    at = row_at(results, "water_node", time_s)
    ids = [name.decode() for name in results["water_node/id"][:]]
    recorded, has_source = results["water_node/head"][at], results["water_node/has_source"][at]
    project = en.createproject()
    en.open(project, inp, "/dev/null", "")
    en.openH(project)
    en.initH(project, 0)
    en.runH(project)
    heads = {en.getnodeid(project, k): en.getnodevalue(project, k, en.HEAD) for k in range(1, en.getcount(project, en.NODECOUNT) + 1)}
    missing = [name for name in ids if name not in heads]
    apart = [abs(heads[name] - head) for name, head, fed in zip(ids, recorded, has_source) if name in heads and fed != 0]
    return dict(solved=True, compared=len(apart), entities=len(ids), worst=float(numpy.max(apart)) if apart and numpy.isfinite(apart).all() else float("inf"),
                not_a_number=int(numpy.isnan(recorded).sum()), missing=len(missing), without_source=int((has_source == 0).sum()),
                links=en.getcount(project, en.LINKCOUNT), city_links=len(results["water_link/id"]))


if __name__ == "__main__":
    answer = {"grid": grid, "water": water}[sys.argv[1]](sys.argv[2], float(sys.argv[3]), sys.argv[4])
    print(json.dumps(answer))
