"""Section 10's limits over every recorded moment of a run; run by the peers' Python (h5py, numpy): one JSON line, and each breach into a CSV.
usage: peer_limits.py RUN BREACHES.csv"""
import csv
import json
import math
import sys

import h5py
import numpy

LOW_VOLTAGE, HIGH_VOLTAGE, LOADING, LOW_PRESSURE_M, HIGH_PRESSURE_M, VELOCITY_MPS = 0.95, 1.05, 1.0, 15.0, 80.0, 1.0


def text(column):
    """Ids of results.h5, or a text column of a city file (all texts in one block, with where each begins)."""
    if isinstance(column, h5py.Group):
        offsets, block = column["offsets"][:], bytes(column["bytes"][:])
        return [block[a:b].decode() for a, b in zip(offsets[:-1], offsets[1:])]
    dataset = column
    return [value.decode() if isinstance(value, bytes) else value for value in dataset[:]]


class Breaches:
    def __init__(self, path):
        self.rows, self.path = [], path

    def add(self, limit, ids, values, bad, bound):
        for k in numpy.flatnonzero(bad):
            self.rows.append((limit, ids[k], float(values[k]), bound))

    def count(self, limit):
        return sum(row[0] == limit for row in self.rows)

    def write(self):
        with open(self.path, "w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(("limit", "entity", "value", "bound"))
            writer.writerows(self.rows)


def power(results, sets, breaches, out):
    live = results["power_bus/energised"][:] != 0
    voltage = results["power_bus/voltage"][:]
    lowest, highest = numpy.where(live, voltage, numpy.inf).min(axis=0), numpy.where(live, voltage, -numpy.inf).max(axis=0)
    ids = text(results["power_bus/id"])
    out.update(buses=len(ids), voltage_lowest=float(lowest.min()), voltage_highest=float(highest.max()), unpowered=int((results["power_connection/powered"][:] == 0).sum()),
               connections=int(results["power_connection/powered"].shape[1]), missing_values=int(numpy.isnan(voltage).sum()))
    breaches.add("voltage_low", ids, lowest, lowest < LOW_VOLTAGE, LOW_VOLTAGE)
    breaches.add("voltage_high", ids, highest, highest > HIGH_VOLTAGE, HIGH_VOLTAGE)
    loading, ids = results["power_branch/loading"][:].max(axis=0), text(results["power_branch/id"])
    out.update(branches=len(ids), loading_highest=float(loading.max()))
    breaches.add("loading", ids, loading, loading > LOADING, LOADING)


def balance(flow, drawn, start, end, junction):
    """Residual of each junction [m3/s] at one moment."""
    residual = -drawn.copy()
    numpy.add.at(residual, end, flow)
    numpy.subtract.at(residual, start, flow)
    return numpy.abs(residual[junction]).sum()


def water(results, sets, breaches, out):
    nodes, links = sets["water_node"], sets["water_link"]
    kind, link_kind = numpy.array(text(nodes["kind"])), numpy.array(text(links["kind"]))
    start, end = links["from"][:].astype(int), links["to"][:].astype(int)
    demand, leakage, flow = results["water_node/demand"][:], results["water_node/leakage"][:], results["water_link/flow"][:]
    junction, pipe = kind == "junction", link_kind == "pipe"
    supplied = demand * results["water_node/supply_ratio"][:]
    worst = max(balance(flow[t], supplied[t] + leakage[t], start, end, junction) / max(1e-12, numpy.abs(flow[t]).sum()) for t in range(len(flow)))
    peak = int(demand.sum(axis=1).argmax())
    pressure, ids = results["water_node/head"][peak] - nodes["elevation"][:], text(results["water_node/id"])   # metres of water
    beside = numpy.zeros(len(kind), bool)                # a metre of pipe between a source and its pump or valve: nobody hangs there
    for k in range(len(start)):
        if kind[start[k]] == "reservoir" or kind[end[k]] == "reservoir":
            beside[[start[k], end[k]]] = True
    served = junction & ~(beside & (nodes["base_demand"][:] == 0))
    breaches.add("pressure_low", ids, pressure, served & (pressure < LOW_PRESSURE_M), LOW_PRESSURE_M)
    breaches.add("pressure_high", ids, pressure, served & (pressure > HIGH_PRESSURE_M), HIGH_PRESSURE_M)
    velocity = numpy.zeros(len(start))
    velocity[pipe] = numpy.abs(flow[peak][pipe]) / (math.pi / 4 * links["diameter"][:][pipe] ** 2)
    breaches.add("velocity", text(results["water_link/id"]), velocity, velocity > VELOCITY_MPS, VELOCITY_MPS)
    out.update(nodes=len(ids), links=len(start), peak_hour_s=float(results["water_node/time"][peak]), pressure_lowest_m=float(pressure[served].min()),
               pressure_highest_m=float(pressure[served].max()), velocity_highest_mps=float(velocity.max()), water_residual=float(worst),
               unserved_nodes=int(((results["water_node/supply_ratio"][:] < 1 - 1e-6) & (demand > 0)).any(axis=0).sum()), meshedness=meshedness(sets, nodes, links, kind, pipe, start, end))


def meshedness(sets, nodes, links, kind, pipe, start, end):
    """(E - V + parts) / (2 C - 5): loops of open pipes, C = corners of streets among the nodes (joints along a street aren't corners)."""
    streets = {(round(x, 3), round(y, 3)) for x, y in zip(sets["road_node"]["x"][:], sets["road_node"]["y"][:])}
    corners = {(round(x, 3), round(y, 3)) for x, y in zip(nodes["x"][:], nodes["y"][:])} & streets
    status = numpy.array(text(links["initial_status"])) if "initial_status" in links else None
    laid = pipe & (status != "Closed") if status is not None else pipe
    parent = list(range(len(kind)))

    def find(a):
        while parent[a] != a:
            parent[a] = parent[parent[a]]
            a = parent[a]
        return a

    loops = 0
    for k in numpy.flatnonzero(laid):
        a, b = find(start[k]), find(end[k])
        loops += a == b
        parent[a] = b
    return float(loops / max(1, 2 * len(corners) - 5))


def served(sets, out):
    building = sets["building"]
    draws = (building["residents"][:] + building["jobs"][:]) > 0
    missing = numpy.iinfo(numpy.uint32).max
    out.update(consumers=int(draws.sum()), without_water_node=int((building["water_node"][:][draws] == missing).sum()))
    connection, bus = building["power_connection"][:], sets["power_connection"]["power_bus"][:]
    reached = connection != missing
    reached[reached] = bus[connection[reached]] != missing
    out.update(without_power_bus=int((~reached & draws).sum()))


def synthetic(sets, out):
    out["not_synthetic"] = {name: int((sets[name]["synthetic"][:] == 0).sum()) for name in ("power_bus", "power_branch", "water_node", "water_link", "water_tank")}


def main(run, path):
    results, sets = h5py.File(run + "/results.h5"), h5py.File(run + "/city.h5")
    out, breaches = {}, Breaches(path)
    power(results, sets, breaches, out)
    water(results, sets, breaches, out)
    served(sets, out)
    synthetic(sets, out)
    breaches.write()
    out["breaches"] = {limit: breaches.count(limit) for limit in ("voltage_low", "voltage_high", "loading", "pressure_low", "pressure_high", "velocity")}
    print(json.dumps(out))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
