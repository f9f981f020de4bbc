"""B4 and B5 of emissions: kernels' speed (best of five by the program itself), riverside's books, what-ifs, digits and share of time. Parity is in the test suite."""
import json

from .common import PYTHON, ROOT, WORK, check, digest, row, run, timed

RIVERSIDE = ROOT / "scenarios" / "riverside"

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


def _figures(folder):
    kpis = {k["id"]: k for k in json.loads((folder / "kpis.json").read_text())["kpis"]}
    ledgers = {(entry["module"], entry["quantity"]): entry for entry in json.loads((folder / "ledgers.json").read_text())["ledgers"]}
    return kpis, ledgers


def _nox_by_streets(folder):
    """Grams of NOx that the recorded streets give by the shipped curves (street_emissions.py, in the peers' Python)."""
    return float(check(timed([str(PYTHON), str(ROOT / "scripts" / "bars_rows" / "street_emissions.py"), str(ROOT / "modules" / "emissions" / "data"), str(folder)])[2]).stdout)


def riverside():
    """A day of riverside: links = vehicles to 1e-9, every balance closed, the what-ifs within 25 % of their hand figures."""
    figures = {}
    for name in ("five_sectors", "electric_cars_40", "low_emission_zone", "speed_30"):
        folder = WORK / "emissions" / name
        streets = ("--set", 'record.fields=["road_link.flow", "road_link.density"]', "--set", "record.interval=15 min")
        run(RIVERSIDE / f"{name}.toml", folder, *streets)
        figures[name] = _figures(folder)
    rows = []
    worst = max(entry["closing_error"] for _, ledgers in figures.values() for (module, _), entry in ledgers.items() if module == "emissions")
    rows.append(row("riverside, four runs", "sum over links against sum over vehicles, worst", worst, worst < 1e-9, reference=0, source="the two sums", tolerance="1e-9"))
    (kpis, base), (_, electric) = figures["five_sectors"], figures["electric_cars_40"]
    nox = lambda ledgers: ledgers["emissions", "emitted NOx"]["in"]
    co2 = electric["emissions", "emitted CO2"]["in"] / base["emissions", "emitted CO2"]["in"]
    rows.append(row("electric_cars_40", "tailpipe CO2 / base", round(co2, 4), abs(co2 / 0.6 - 1) <= 0.05, reference=0.6, source="by hand: 40 % fewer burn fuel", tolerance="5 %"))
    more = electric["buildings", "electricity"]["in"] - base["buildings", "electricity"]["in"]
    per_km = more / figures["electric_cars_40"][0]["ghg_per_capita"]["details"]["car_electric [km]"] / 1000
    rows.append(row("electric_cars_40", "electricity of feeders by electric km", round(per_km, 1), abs(per_km / 270 - 1) <= 0.25, unit="kJ/km", reference=270, source="by hand: resistance, auxiliaries, stops", tolerance="25 %"))
    inside = "NOx from exhausts inside the low-emission zone [kg]"
    open_zone = WORK / "emissions" / "zone_open"
    run(RIVERSIDE / "low_emission_zone.toml", open_zone, "--set", "modules.emissions.zone_excludes=[\"car_petrol_euro1\"]")
    less = 1 - figures["low_emission_zone"][0]["nox_mean"]["details"][inside] / _figures(open_zone)[0]["nox_mean"]["details"][inside]
    rows.append(row("low_emission_zone", "NOx inside, less by", round(less, 4), abs(less / 0.51 - 1) <= 0.25, reference=0.51, source="by hand: excluded classes' share at 30 km/h less their replacement", tolerance="25 %"))
    slow = nox(figures["speed_30"][1]) / nox(base)
    by_streets = _nox_by_streets(WORK / "emissions" / "speed_30") / _nox_by_streets(WORK / "emissions" / "five_sectors")
    rows.append(row("speed_30", "NOx / base", round(slow, 4), abs((slow - 1) / (by_streets - 1) - 1) <= 0.25, reference=round(by_streets, 4),
                    source="every street's passages x the mix's curve at its mean speed (recorded flow over density), both days", tolerance="25 % of the effect"))
    later = figures["speed_30"][0]["travel_time_p50"]["value"] / kpis["travel_time_p50"]["value"]
    rows.append(row("speed_30", "travel_time_p50 / base", round(later, 4), later > 1, reference=1, source="base", tolerance="above"))
    return rows


def riverside_digits():
    """One hash over threads and orders of modules with all of them loaded."""
    hashes = set()
    for name, arguments in {"1": ("--threads", 1), "2": ("--threads", 2, "--module-order", "reversed"), "7": ("--threads", 7, "--grain", 64)}.items():
        folder = WORK / "emissions" / f"digits-{name}"
        hashes.add((run(RIVERSIDE / "electric_cars_40.toml", folder, *arguments)["state_hash"], digest(folder)))
    return [row("riverside electric_cars_40", "different hashes at 1, 2 (reversed), 7 threads", len(hashes), len(hashes) == 1, tolerance="1")]


def riverside_share():
    """<= 25 % of traffic's time: the day with emissions over the day without, one thread, by alternating runs."""
    seconds = {"baseline": [], "air": []}
    for turn in range(3):
        for name in seconds:
            # Streets only in both: what emissions and the air cost beside people and traffic.
            extra = ("--set", "modules.emissions.activity=\"traversals\"") if name == "air" else ()
            record = run(RIVERSIDE / "baseline.toml", WORK / "emissions" / f"share-{name}", "--threads", 1, *extra)
            seconds[name].append(record["timings_s"]["simulate"])
    base, air = (sorted(seconds[name])[1] for name in ("baseline", "air"))
    share = air / base - 1
    return [row("riverside, a day, one thread", "emissions' time / people's and traffic's", round(share, 3), share <= 0.25, reference=0.25, source="the same day without emissions", tolerance="at most",
                note=f"{base:.2f} s and {air:.2f} s")]


ROWS = {"kernel_speed": kernel_speed, "riverside": riverside, "riverside_digits": riverside_digits, "riverside_share": riverside_share}
