"""Water: speed against the EPANET C library in one run, and networks that EPANET halts on run to their end."""
import json
import subprocess

from .common import BUILD, PEERS, SHARED, WORK, check, citytwin, row

NETWORKS = SHARED / "data" / "water" / "epanet"


def _library():
    found = sorted(PEERS.glob("lib/python*/site-packages/epanet/libepanet2.so"))
    if not found:
        raise RuntimeError("EPANET isn't there: run scripts/peers")
    return str(found[0])


def _bench(file, hours, runs):
    program = BUILD / "bin" / "bench_water_epanet"
    result = subprocess.run([str(program), _library(), str(NETWORKS / file), str(hours), str(runs)], capture_output=True, text=True, check=True)
    return json.loads(result.stdout)


def speed():
    """L-Town week, BWSN2 24 h, Vitens 24 h and Net3 week: one thread, alternating with EPANET."""
    rows = []
    for file, hours, runs, bar in (("L-TOWN.inp", 168, 7, 1.8), ("BWSN_Network_2.inp", 24, 7, 1.8), ("vitens_benchmark.inp", 24, 5, 1.8), ("Net3.inp", 168, 21, 1.0)):
        figures = _bench(file, hours, runs)
        rows.append(row(f"{file} {hours} h", "speed over EPANET", round(figures["ratio"], 2), figures["ratio"] >= bar, reference=figures["peer_value"], source="EPANET 2.3.5, same run", tolerance=f">= {bar}",
                        note=f"{figures['citytwin']:.4f} s, trials {figures['trials']} and {figures['peer_trials']}"))
        reading = figures["peer_read_s"] / figures["read_s"]
        rows.append(row(file, "reading over EPANET", round(reading, 2), reading >= 1, source="EPANET 2.3.5, same run", tolerance=">= 1"))
    return rows


def to_the_end():
    """BWSN2 48 h, Richmond standard 24 h, C-Town 48 h: EPANET halts, citytwin runs to the end; the share of degraded steps is reported."""
    rows = []
    for file, hours in (("BWSN_Network_2.inp", 48), ("Richmond_standard.inp", 24), ("C-Town.inp", 48)):
        folder = WORK / "water" / file
        _, _, result = citytwin("solve", NETWORKS / file, "-o", folder, "--option", f"duration={hours} h")
        check(result)
        summary = json.loads((folder / "summary.json").read_text())
        rows.append(row(file, "simulated end", summary["end_s"] / 3600, summary["end_s"] == hours * 3600, unit="h", tolerance=f"{hours}",
                        note=f"{summary['degraded_steps']} of {summary['solves']} steps DEGRADED: {summary.get('degraded_by', {})}"))
    return rows


def parity():
    """The groups of the design page against EPANET 2.3.5, the small files, made networks: what a city does with it: all tests of water."""
    rows = []
    for kind in ("unit", "parity", "property", "end_to_end"):
        result = subprocess.run([str(BUILD / "bin" / f"test_{kind}"), "[water]"], capture_output=True, text=True)
        rows.append(row(f"water {kind} tests", "failed", result.returncode, result.returncode == 0, tolerance="0", note=(result.stdout.strip() or result.stderr.strip() or "no word").splitlines()[-1]))
    return rows


ROWS = {"parity": parity, "speed": speed, "to_the_end": to_the_end}
