"""What the rows share: the program, the shared folder, runs and their files."""
import hashlib
import json
import os
import pathlib
import resource
import statistics
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = ROOT / "build"
PROGRAM = BUILD / "citytwin"
SHARED = pathlib.Path(os.environ.get("CITYTWIN_DATA", ROOT.parent / "shared"))
WORK = BUILD / "bars"
PEERS = BUILD / "peers"
PYTHON = PEERS / "bin" / "python"
RESULT_FILES = ["results.h5", "kpis.json", "ledgers.json", "ledger_days.csv", "warnings.ndjson"]


def row(case, quantity, value, holds, unit="", reference=None, source="", tolerance="", note=""):
    return dict(case=case, quantity=quantity, unit=unit, citytwin=value, reference=reference, source=source, tolerance=tolerance, holds=bool(holds), note=note)


def sumo_binary(name):
    found = list(PEERS.glob(f"lib/python*/site-packages/sumo/bin/{name}"))
    if not found:
        raise RuntimeError("SUMO isn't there: run scripts/peers")
    return str(found[0])


def timed(command, **options):
    """(seconds, peak MB, CompletedProcess) of a whole process."""
    begin = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begin
    return seconds, usage.ru_maxrss / 1024, subprocess.CompletedProcess(command, os.waitstatus_to_exitcode(status), output)


def check(result):
    if result.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, result.args))}: exit {result.returncode}\n{result.stdout[-3000:]}")
    return result


def citytwin(*arguments, **options):
    return timed([str(PROGRAM), *map(str, arguments)], **options)


def run(scenario, folder, *arguments):
    """A fresh run; returns run.json and the process's figures."""
    subprocess.run(["rm", "-rf", str(folder)], check=True)
    seconds, memory_mb, result = citytwin("run", scenario, "-o", folder, "--progress", "none", *arguments)
    check(result)
    record = json.loads((pathlib.Path(folder) / "run.json").read_text())
    record["process_s"], record["process_mb"] = seconds, memory_mb
    return record


def digest(folder):
    """One hash over the files that must be equal byte for byte."""
    total = hashlib.sha256()
    for name in RESULT_FILES:
        total.update((pathlib.Path(folder) / name).read_bytes())
    return total.hexdigest()


def kpis(folder):
    return {kpi["id"]: kpi for kpi in json.loads((pathlib.Path(folder) / "kpis.json").read_text())["kpis"]}


median = statistics.median
