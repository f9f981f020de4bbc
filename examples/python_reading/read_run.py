#!/usr/bin/env python3
"""What a run holds, read with h5py, xarray, pandas and matplotlib alone.
usage: read_run.py RUN OUT     RUN: a run folder; OUT: a folder for the pictures and the table"""
import json
import pathlib
import sys

import h5py
import matplotlib
import pandas
import xarray

matplotlib.use("Agg")
from matplotlib import pyplot  # noqa: E402


def busiest_links(run):
    """xarray: a group is a dataset with time, ids and units."""
    roads = xarray.open_dataset(run / "results.h5", group="road_link", engine="h5netcdf")
    return roads.flow.mean("time").to_series().nlargest(10)


def map_of_flow(run, target):
    """h5py: arrays as they lie in the file; each set has its places, in the coordinate system that its group names."""
    with h5py.File(run / "results.h5") as file:
        links = file["road_link"]
        x, y, flow, unit = links["x"][:], links["y"][:], links["flow"][:].max(axis=0), links["flow"].attrs["units"]
        system = links.attrs["crs"]
    figure, axes = pyplot.subplots(figsize=(6, 6))
    points = axes.scatter(x, y, c=flow, s=4 + 20 * flow / max(flow.max(), 1e-12), cmap="viridis")
    axes.set(aspect="equal", xlabel=f"x [m], {system}", ylabel="y [m]", title="largest flow")
    figure.colorbar(points, label=f"flow [{unit}]")
    figure.savefig(target, dpi=120)


def series_of_city(run, target):
    """A time series of a whole set: the mean speed of links that had vehicles, weighted by these."""
    roads = xarray.open_dataset(run / "results.h5", group="road_link", engine="h5netcdf")
    speed = (roads.speed * roads.density).sum("id") / roads.density.sum("id").where(lambda all_links: all_links > 0)
    figure, axes = pyplot.subplots(figsize=(7, 3))
    (speed * 3.6).plot(ax=axes)
    axes.set(ylabel="km/h", title="speed of the vehicles under way")
    figure.tight_layout()
    figure.savefig(target, dpi=120)


def main():
    run, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    print(json.loads((run / "run.json").read_text())["name"])
    kpis = pandas.read_csv(run / "kpis.csv").set_index("id")
    print(kpis.loc[kpis.status == "ok", ["value", "unit"]])
    print("without a value:", dict(kpis.reason[kpis.status != "ok"]))
    busiest = busiest_links(run)
    busiest.to_csv(out / "busiest_links.csv")
    print(busiest)
    map_of_flow(run, out / "flow.png")
    series_of_city(run, out / "speed.png")


if __name__ == "__main__":
    main()
