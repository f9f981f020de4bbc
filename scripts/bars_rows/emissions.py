"""B4 and B5 of emissions: kernels' speed (medians by the program itself), parity is in the test suite."""
import json

from .common import ROOT, check, row, timed

BARS = {"polynomials, 6 pollutants": 2e7, "plume, urban Briggs, points": 5e7}


def kernel_speed():
    """>= 2e7 vehicle-seconds/s and core for six pollutants, >= 5e7 plume pairs/s and core, two threads >= 1.7x on the plume."""
    _, _, result = timed([str(ROOT / "build" / "bin" / "bench_emissions_kernels"), "1", "2"])
    found = {(r["case"], r["threads"]): r for r in map(json.loads, check(result).stdout.splitlines())}
    rows = [row(case, "per core and second", found[case, 1]["per_core_second"], found[case, 1]["per_core_second"] >= bar, reference=bar, source="own benchmark", tolerance="at least")
            for case, bar in BARS.items()]
    case = "plume, urban Briggs, points"
    ratio = found[case, 2]["per_second"] / found[case, 1]["per_second"]
    rows.append(row(case, "two threads over one", round(ratio, 2), ratio >= 1.7, reference=1.7, source="own benchmark", tolerance="at least"))
    return rows


ROWS = {"kernel_speed": kernel_speed}
