"""A folder of runs that differ by their seed (`citytwin run --seeds N`)."""
import json
import pathlib

import pandas
import xarray

from .run_folder import Run


class Ensemble:
    """`Ensemble("runs/base")`: a mapping from seed to Run, finished members only; the others are in `unfinished`."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.record = json.loads((self.folder / "ensemble.json").read_text())
        members = {member["seed"]: member for member in self.record["members"]}
        self.seeds = [seed for seed, member in members.items() if member["state"] == "finished"]
        self.unfinished = {seed: member["state"] for seed, member in members.items() if member["state"] != "finished"}
        self._folder_of = {seed: self.folder / member["folder"] for seed, member in members.items()}

    def __repr__(self):
        return f"Ensemble({str(self.folder)!r}, {len(self.seeds)} finished of {len(self._folder_of)})"

    def __getitem__(self, seed):
        return Run(self._folder_of[seed])

    def __iter__(self):
        return iter(self.seeds)

    def __len__(self):
        return len(self.seeds)

    def kpis(self):
        """Values, a row a KPI, a column a seed. Seeds are the replicates: never pool their entities."""
        return pandas.DataFrame({seed: self[seed].kpis()["value"] for seed in self})

    def field(self, name):
        """A field of every seed, dimensions (seed, time, id)."""
        return xarray.concat([self[seed].field(name) for seed in self], pandas.Index(self.seeds, name="seed"))
