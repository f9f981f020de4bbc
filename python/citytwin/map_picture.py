"""Static maps for papers: road links coloured and thickened by a recorded field, or by its difference from a base."""
import h5py
import numpy as np

from .ensemble import Ensemble
from .run_folder import open_folder

SHOWN = {"flow": (3600, "veh/h"), "speed": (3.6, "km/h")}


def link_shapes(run):
    """One (points, 2) array of metres a road link, in the order of the results, from the run's own city file."""
    with h5py.File(run.folder / run.record["city"]) as file:
        shape = file["road_link/shape"]
        offsets, values = shape["offsets"][:], shape["values"][:]
    return [values[a:b].reshape(-1, 2) for a, b in zip(offsets[:-1], offsets[1:])]


def mean_of(folder, field, begin=None, end=None):
    """Mean by entity over the recorded times in [begin, end] (both may be left out), and over the seeds of an ensemble."""
    data = folder.field(field)
    if begin is not None or end is not None:
        data = data.sel(time=slice(begin, end))
    return data.mean([dim for dim in data.dims if dim != "id"], skipna=True).values


def map_picture(run, path, field="road_link.flow", base=None, begin=None, end=None, dpi=300, width_inches=7.0):
    """Draws `run` (a folder, Run or Ensemble) into `path` (.png, .pdf, .svg by its ending); with `base` the difference from it. Returns the values drawn."""
    import matplotlib
    matplotlib.use("Agg")
    from matplotlib import pyplot
    from matplotlib.collections import LineCollection
    run = open_folder(run) if isinstance(run, (str, bytes)) or hasattr(run, "__fspath__") else run
    base = open_folder(base) if base is not None and (isinstance(base, (str, bytes)) or hasattr(base, "__fspath__")) else base
    name = field.partition(".")[2]
    factor, unit = SHOWN.get(name, (1, ""))
    values = mean_of(run, field, begin, end) * factor
    if base is not None:
        values = values - mean_of(base, field, begin, end) * factor
    one = run[run.seeds[0]] if isinstance(run, Ensemble) else run
    shapes = link_shapes(one)
    order = np.argsort(np.nan_to_num(np.abs(values)), kind="stable")   # the largest on top
    most = np.nanpercentile(np.abs(values), 99.5) or 1
    width = 0.3 + 2.2 * np.clip(np.nan_to_num(np.abs(values)) / most, 0, 1)
    lines = LineCollection([shapes[i] for i in order], array=np.ma.masked_invalid(values[order]), linewidths=width[order], cmap="RdBu_r" if base is not None else "viridis_r", capstyle="round")
    lines.set_clim(-most if base is not None else 0, most)
    box = np.concatenate([s for s in shapes if len(s)])
    low, high = box.min(0), box.max(0)
    figure, axes = pyplot.subplots(figsize=(width_inches, width_inches * max(0.3, (high - low)[1] / (high - low)[0])))
    axes.add_collection(lines)
    axes.set_xlim(low[0], high[0])
    axes.set_ylim(low[1], high[1])
    axes.set_aspect("equal")
    axes.axis("off")
    length = 10 ** np.floor(np.log10((high - low)[0] / 4))
    axes.plot([low[0], low[0] + length], [low[1]] * 2, color="black", linewidth=2)
    axes.text(low[0], low[1], f" {length / 1000:g} km" if length >= 1000 else f" {length:g} m", va="bottom", fontsize=8)
    figure.colorbar(lines, ax=axes, shrink=0.6, label=f"{'difference of ' if base is not None else ''}{name}{', ' + unit if unit else ''}")
    figure.savefig(path, dpi=dpi, bbox_inches="tight")
    pyplot.close(figure)
    return values
