"""One run's folder. Nothing is read before it is asked for."""
import json
import pathlib

import h5py
import pandas
import xarray


class Run:
    """A run folder: `Run("runs/base")`. Raises FileNotFoundError where there is no run.json."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.record = self._json("run.json")

    def __repr__(self):
        return f"Run({str(self.folder)!r}, {self.status})"

    @property
    def status(self):
        """`running`, `finished`, `failed` or `interrupted`; only a finished run can be compared."""
        return self.record["status"]

    @property
    def seed(self):
        return self.record["seed"]

    def kpis(self):
        """Key figures by id: name, unit, value, coverage, more_is, status, reason, module. Without a value: NaN and the reason."""
        return pandas.read_csv(self.folder / "kpis.csv").set_index("id")

    def ledgers(self):
        """What went in and out of each module by quantity, and the relative closing error."""
        return pandas.DataFrame(self._json("ledgers.json")["ledgers"]).set_index(["module", "quantity"])

    def warnings(self):
        """A row a cause: how often, first time and place."""
        lines = (self.folder / "warnings.ndjson").read_text().splitlines()
        return pandas.DataFrame([json.loads(line) for line in lines if line])

    def sets(self):
        """Entity sets that have recorded fields, and these."""
        with h5py.File(self.results) as file:
            return {name: sorted(set(group) - {"id", "x", "y", "time"}) for name, group in file.items() if name != "streams"}

    def dataset(self, entity_set):
        """All recorded fields of a set, dimensions (time, id), as an xarray.Dataset with units."""
        return xarray.open_dataset(self.results, group=entity_set, engine="h5netcdf")

    def field(self, name):
        """One field by its full name, `road_link.flow`, as an xarray.DataArray (time, id)."""
        entity_set, _, field = name.partition(".")
        known = self.sets()
        if field not in known.get(entity_set, ()):
            raise KeyError(f"{name} wasn't recorded; recorded: {', '.join(f'{s}.{f}' for s, fields in known.items() for f in fields)}")
        return self.dataset(entity_set)[field]

    def streams(self):
        """Names of the recorded streams."""
        with h5py.File(self.results) as file:
            return sorted(file["streams"]) if "streams" in file else []

    def stream(self, name):
        """A recorded stream as a table, a column each; integers that stand for words come as these words."""
        with h5py.File(self.results) as file:
            if name not in file.get("streams", {}):
                raise KeyError(f"the stream {name} wasn't recorded; recorded: {', '.join(file.get('streams', {})) or 'none'}")
            return pandas.DataFrame({column: _values(data) for column, data in file["streams"][name].items()})

    @property
    def results(self):
        path = self.folder / "results.h5"
        if not path.exists():
            raise FileNotFoundError(f"{path}: not there; a killed run has it after `citytwin recover {self.folder}`")
        return path

    def _json(self, name):
        return json.loads((self.folder / name).read_text())


def _values(data):
    if h5py.check_string_dtype(data.dtype) is not None:
        return data.asstr()[:]
    values, words = data[:], data.attrs.get("flag_meanings")
    if words is None:
        return values
    words = (words.decode() if isinstance(words, bytes) else str(words)).split()
    codes = data.attrs.get("flag_values")
    codes = list(range(len(words))) if codes is None else list(codes)
    return pandas.Categorical.from_codes([codes.index(value) if value in codes else -1 for value in values], words)


def open_folder(folder):
    """A Run, or an Ensemble where the folder holds one."""
    from .ensemble import Ensemble
    folder = pathlib.Path(folder)
    return Ensemble(folder) if (folder / "ensemble.json").exists() else Run(folder)
