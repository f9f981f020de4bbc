"""Grams of NOx of a run's cars, worked out from its recorded streets alone: passages x length x the shipped curves of the car mix at each
street's mean speed (flow over density), by quarters of an hour. usage: street_emissions.py DATA_FOLDER RUN_FOLDER"""
import csv
import pathlib
import sys

import h5py
import numpy

data, folder = map(pathlib.Path, sys.argv[1:])
with open(data / "fleet_mix.csv") as table:
    share = {line["class"]: float(line["share"]) for line in csv.DictReader(table) if line["mode"] == "car"}
with h5py.File(folder / "results.h5") as results, h5py.File(folder / "city.h5") as city:
    flow, density = results["road_link/flow"][:], results["road_link/density"][:]
    km = flow * 900 * city["road_link/length"][:] / 1000
kmh = 3.6 * numpy.divide(flow, density, out=numpy.ones_like(flow), where=density > 0)
factor = numpy.zeros_like(flow)
with open(data / "hot_factors.csv") as table:
    for line in csv.DictReader(table):
        if line["pollutant"] != "NOx" or line["class"] not in share:
            continue
        v = numpy.clip(kmh, float(line["least_kmh"]), float(line["most_kmh"]))
        c = [float(line[f"c{i}"] or 0) for i in range(7)]
        curve = {"constant": lambda: c[0] + 0 * v, "rational": lambda: (c[0] * v**2 + c[1] * v + c[2] + c[3] / v) / (c[4] * v**2 + c[5] * v + c[6])}[line["form"]]()
        factor += share[line["class"]] * float(line["factor"]) * (1 - float(line["reduction"] or 0)) * curve
print(repr(float((km * factor).sum())))
