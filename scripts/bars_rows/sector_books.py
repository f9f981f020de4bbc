"""B9: the balances of every shipped scenario close, day by day."""
import csv
import json

from .common import WORK, row, run
from .sector_runs import SCENARIOS

WEEK_END = {"riverside": "2025-06-10T00:00:00"}
SOLVER_TOLERANCE = {("water", "volume"): 1e-6}     # a solved network: to its solver's tolerance
TOLERANCE = 1e-9


def _tolerance(entry):
    return SOLVER_TOLERANCE.get((entry["module"], entry["quantity"]), TOLERANCE)


def _apart(entry):
    """in + adjusted against out + stored + lost from the written figures, by the largest of them or of what stood there; or the run's own error, if that is larger."""
    figure = {name: float(entry[name]) for name in ("in", "out", "stored", "stored_at_start", "lost", "adjusted", "closing_error")}
    largest = max(abs(figure["in"]), abs(figure["out"]), abs(figure["stored"] + figure["stored_at_start"]), 1e-300)
    return max(abs(figure["in"] + figure["adjusted"] - figure["out"] - figure["stored"] - figure["lost"]) / largest, figure["closing_error"])


def _closed(case, folder, days):
    """Each day's balances and the whole run's; a day that is missing doesn't hold."""
    rows_of_days = list(csv.DictReader((folder / "ledger_days.csv").open()))
    whole = json.loads((folder / "ledgers.json").read_text())["ledgers"]
    ends = sorted({entry["day_end"] for entry in rows_of_days})
    open_rows = [entry for entry in rows_of_days if not _apart(entry) <= _tolerance(entry)]
    open_whole = [entry for entry in whole if not _apart(entry) <= _tolerance(entry)]
    complete = len(rows_of_days) == len(ends) * len(whole) and len(ends) == days
    worst = max(rows_of_days, key=lambda entry: _apart(entry) / _tolerance(entry))
    return row(case, f"balances that don't close, of {len(rows_of_days)} over {len(ends)} days and {len(whole)} of the run", len(open_rows) + len(open_whole),
               complete and not open_rows and not open_whole, tolerance=f"0 ({TOLERANCE:g}, water {1e-6:g}), {days} days",
               note=f"nearest to its bar: {worst['module']} {worst['quantity']} {_apart(worst):.1e} on the day to {worst['day_end'][:10]}")


def _summed(case, folder):
    """CO2 = sum over activities, and riders of the same sum: the carbon ledger's two sides."""
    whole = {(entry["module"], entry["quantity"]): entry for entry in json.loads((folder / "ledgers.json").read_text())["ledgers"]}
    carbon = whole.get(("emissions", "CO2 by activity"))
    if carbon is None:
        return []
    apart = abs(carbon["in"] - carbon["out"]) / max(1e-300, abs(carbon["out"]))
    return [row(case, "CO2 against the sum over activities", apart, apart <= TOLERANCE and carbon["in"] > 0, tolerance=f"{TOLERANCE:g}", note=f"{carbon['in'] / 1000:.1f} t")]


def _of_city(city, days):
    rows = []
    for scenario in sorted((SCENARIOS / city).glob("*.toml")):
        if "\ncity " not in "\n" + scenario.read_text() and "\nbase " not in "\n" + scenario.read_text():
            continue                                  # the city's own description
        folder = WORK / "books" / f"{city}-{scenario.stem}"
        # Nothing but the books is looked at: little is recorded, so that a week stays small.
        extra = ("--set", "record.interval=1 h", "--set", "record.fields=[]", "--set", "record.streams=[]")
        length = ("--set", f"end={WEEK_END[city]}") if days > 1 else ()
        run(scenario, folder, "--no-report", *length, *extra)
        rows += [_closed(f"{city} {scenario.stem}", folder, days), *_summed(f"{city} {scenario.stem}", folder)]
    return rows


def books_week():
    """B9: seven days of each of riverside's scenarios: vehicles, J, m3, kg by fraction, CO2 by activity close on every day."""
    return _of_city("riverside", 7)


def books_porto_alegre():
    """B9: a day of each of Porto Alegre's scenarios: the same balances."""
    return _of_city("porto_alegre", 1)
