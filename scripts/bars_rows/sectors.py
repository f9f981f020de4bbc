"""The bars of five sectors in one city that look across the sectors (B6, B7, B9 to B12). Each sector's own parity and speed: energy, water,
buildings, emissions, waste. Long runs are made once a program and kept under build/validation/sectors."""
import os
import subprocess

from .common import BUILD, WORK, digest, row, run
from .digits import kills
from .sector_books import books_porto_alegre, books_week
from .sector_exports import exports
from .sector_networks import networks
from .sector_runs import KEPT, SCENARIOS
from .tests import fuzzed, fuzzers

FIVE = SCENARIOS / "riverside" / "five_sectors.toml"
READERS = ("matpower_case", "simbench_folder", "water_inp", "weather_epw", "city_json", "routing_case", "emission_tables", "waste_tables")


def digits_sectors():
    """B10: riverside's five sectors: one hash for threads 1, 2, 4, 7 x two grains x module order, 00:00-09:00; subsets with named defaults."""
    hashes = {}
    for threads in (1, 2, 4, 7):
        for grain in (64, 1024):
            for order in ("name", "reversed"):
                folder = WORK / "digits-sectors"
                record = run(FIVE, folder, "--threads", threads, "--grain", grain, "--module-order", order, "--until", "9 h", "--no-report")
                hashes[threads, grain, order] = (record["state_hash"], digest(folder))
    rows = [row("riverside five_sectors", f"different hashes over {len(hashes)} runs", len(set(hashes.values())), len(set(hashes.values())) == 1, tolerance="1")]
    result = subprocess.run([str(BUILD / "bin" / "test_property"), "*subsets of the sectors*,*all sectors coupled*"], capture_output=True, text=True)
    last = [line for line in result.stdout.splitlines() if "passed" in line or "failed" in line]
    rows.append(row("a small town", "subsets of modules run with defaults named in run.json, one hash for any order", last[-1] if last else "none ran", result.returncode == 0 and bool(last), tolerance="all"))
    return rows


def kills_sectors():
    """B10: kill -9 at 50 moments with all sectors loaded, resumed with another thread count: byte for byte the straight run."""
    return kills(name="five_sectors")


def porto_alegre_day():
    """B11: Porto Alegre whole, five sectors, 24 h, two threads, default record list: >= 100x real time, <= 12 GB, results <= 500 MB."""
    folder = KEPT / "porto_alegre-day"
    record = run(SCENARIOS / "porto_alegre" / "five_sectors.toml", folder, "--threads", 2, "--no-report")
    wall = record["process_s"]
    factor, memory_gb, results_mb = record["simulated_s"] / wall, record["process_mb"] / 1000, (folder / "results.h5").stat().st_size / 1e6
    return [row("porto_alegre five_sectors 24 h", "times real time on two threads, whole process", round(factor, 1), factor >= 100, tolerance=">= 100", note=f"{wall:.0f} s of wall"),
            row("porto_alegre five_sectors 24 h", "memory at its peak", round(memory_gb, 2), memory_gb <= 12, unit="GB", tolerance="<= 12"),
            row("porto_alegre five_sectors 24 h", "results.h5 with the default record list", round(results_mb, 1), results_mb <= 500, unit="MB", tolerance="<= 500")]


def fuzz_readers():
    """B12: libFuzzer on each reader of the sectors, 5 minutes each (CITYTWIN_FUZZ_MINUTES sets another time), without a finding."""
    minutes = float(os.environ.get("CITYTWIN_FUZZ_MINUTES", "5"))
    programs = [program for program in fuzzers() if program.name.removeprefix("fuzz_") in READERS]
    missing = sorted(set(READERS) - {program.name.removeprefix("fuzz_") for program in programs})
    return fuzzed(programs, int(60 * minutes)) + [row("readers", "fuzzers missing", len(missing), not missing, tolerance="0", note=", ".join(missing))]


ROWS = {function.__name__: function for function in (exports, networks, books_week, books_porto_alegre, digits_sectors, kills_sectors, porto_alegre_day, fuzz_readers)}
