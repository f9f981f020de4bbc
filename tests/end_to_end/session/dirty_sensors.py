"""Sensors' clean figures made dirty by the fault types of roadside equipment, sent as a stream of events: values missing, stuck, spiked,
in another unit, at the value that stands for an error; rows twice, corrected, up to 20 minutes late, and clocks that are wrong."""
import datetime

import numpy as np


def make_dirty(path, names, clean, first_utc, step_s, seed, with_unit):
    """Writes time,received,sensor,value. Returns what was done: `cells` (sensor, step, fault), `rows`, `twice`."""
    g = np.random.default_rng(seed)
    steps, sensors = clean.shape
    dirty, cells = clean.astype(float).copy(), []

    def segment(least, most):
        length = int(g.integers(least, most))
        begin = int(g.integers(0, steps - length))
        return begin, begin + length

    def mark(fault, i, begin, end):
        cells.extend((names[i], t, fault) for t in range(begin, end))
    order = g.permutation(sensors)
    for i in order[:6]:
        a, b = segment(4, 10)
        dirty[a:b, i] = np.nan
        mark("missing", i, a, b)
    for i in order[6:12]:
        a, b = segment(12, 20)
        dirty[a:b, i] = dirty[a, i]
        mark("stuck", i, a, b)
    for i in order[12:18]:
        a, b = segment(4, 10)
        dirty[a:b, i] = float(g.choice([-1.0, 255.0]))
        mark("sentinel", i, a, b)
    for i in order[18:24]:
        at = int(g.integers(3, steps - 3))
        dirty[at, i] = max(0.0, dirty[at, i] + float(g.choice([-1, 1])) * 80)
        mark("spike", i, at, at + 1)
    if with_unit:
        for i in order[24:30]:
            a, b = segment(24, 36)
            dirty[a:b, i] *= 1.609344
            mark("unit", i, a, b)
    for i in order[30:32]:   # a clock that runs an hour behind: its rows come in as if measured earlier
        dirty[:, i] = np.concatenate([dirty[12:, i], np.full(12, np.nan)])
    begin = datetime.datetime.fromisoformat(first_utc.replace("Z", "+00:00"))
    events, twice = [], 0
    for t in range(steps):
        for i in range(sensors):
            if np.isnan(dirty[t, i]):
                continue
            received = t * step_s + step_s + (float(g.uniform(1, 9)) if g.random() > 0.05 else float(g.uniform(60, 1200)))
            u = g.random()
            if u < 0.005:   # first a wrong value, then its correction
                events.append((received, t, i, dirty[t, i] + 50))
                received += float(g.uniform(10, 100))
                twice += 1
            events.append((received, t, i, dirty[t, i]))
            if 0.01 < u < 0.04:
                events.append((received + float(g.uniform(0, 30)), t, i, dirty[t, i]))
                twice += 1
    events.sort()
    with open(path, "w") as out:
        out.write("time,received,sensor,value\n")
        for received, t, i, value in events:
            at = begin + datetime.timedelta(seconds=t * step_s)
            came = begin + datetime.timedelta(seconds=round(received, 1))
            out.write(f"{at.isoformat().replace('+00:00', 'Z')},{came.isoformat().replace('+00:00', 'Z')},{names[i]},{value:g}\n")
    return {"cells": cells, "rows": len(events), "twice": twice}
