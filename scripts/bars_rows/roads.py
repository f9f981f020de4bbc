"""B3: the import's speed and memory against netconvert and the libosmium yardstick; the exported network in SUMO."""
import collections
import math
import subprocess
import xml.etree.ElementTree as ET

from .common import PYTHON, SHARED, WORK, check, citytwin, median, row, sumo_binary, timed

OSM = SHARED / "data" / "city" / "osm"
NETCONVERT = ["--geometry.remove", "--junctions.join", "--ramps.guess", "--tls.guess-signals", "--tls.discard-simple", "--tls.join", "--tls.default-type",
              "actuated", "--keep-edges.by-vclass", "passenger", "--remove-edges.isolated"]


def _xml(name):
    target = WORK / "osm" / f"{name}.osm"
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.exists():
        subprocess.run(["osmium", "cat", str(OSM / f"{name}.osm.pbf"), "-o", str(target)], check=True)
    return target


def measure_import(name, runs=3):
    """city import and netconvert as whole processes, in turns: medians of seconds, peaks of MB."""
    xml, ours, theirs, our_mb, their_mb = _xml(name), [], [], 0, 0
    for _ in range(runs):
        seconds, memory, result = citytwin("city", "import", OSM / f"{name}.osm.pbf", "-o", WORK / "osm" / f"{name}.h5", "-q")
        check(result)
        ours.append(seconds)
        our_mb = max(our_mb, memory)
        seconds, memory, result = timed([sumo_binary("netconvert"), "--osm-files", str(xml), "-o", str(WORK / "osm" / f"{name}.net.xml"),
                                         "--keep-edges.by-vclass", "passenger"])
        check(result)
        theirs.append(seconds)
        their_mb = max(their_mb, memory)
    return median(ours), median(theirs), our_mb, their_mb


def osm_speed(runs=3):
    """city import as a whole process against netconvert on the converted XML, alternating."""
    rows = []
    for name in ("poa", "baltimore"):
        ours, theirs, our_mb, their_mb = measure_import(name, runs)
        rows.append(row(f"import {name}", "times faster than netconvert", round(theirs / ours, 1), theirs >= 10 * ours, reference=round(theirs, 2), source="netconvert 1.28, s", tolerance=">= 10"))
        rows.append(row(f"import {name}", "memory / netconvert's", round(our_mb / their_mb, 2), our_mb <= 0.5 * their_mb, reference=round(their_mb), source="netconvert 1.28, MB", tolerance="<= 0.5"))
    return rows


def osm_tiled():
    """5x5 tiled Porto Alegre (400 k ways) against the libosmium yardstick in one run."""
    folder = WORK / "osm"
    tiled, yardstick = folder / "poa5.osm.pbf", folder / "osmnet"
    bench = SHARED / "ref" / "city" / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    if not tiled.exists():
        subprocess.run([str(PYTHON), str(bench / "tile_osm.py"), str(OSM / "poa.osm.pbf"), str(tiled), "5"], check=True)
    if not yardstick.exists():
        subprocess.run(["g++", "-O2", "-std=c++17", str(bench / "osmnet.cpp"), "-o", str(yardstick), "-lexpat", "-lz", "-lbz2", "-lpthread"], check=True)
    ours, theirs, memory = [], [], 0
    for _ in range(3):
        seconds, _, result = timed([str(yardstick), str(tiled)])
        check(result)
        theirs.append(seconds)
        seconds, used, result = citytwin("city", "import", tiled, "-o", folder / "poa5.h5", "-q")
        check(result)
        ours.append(seconds)
        memory = max(memory, used)
    ratio = median(ours) / median(theirs)
    return [row("import poa 5x5", "time / osmnet's", round(ratio, 2), ratio <= 4.3, reference=round(median(theirs), 2), source="osmnet, s", tolerance="<= 4.3"),
            row("import poa 5x5", "memory", round(memory), memory <= 1000, unit="MB", tolerance="<= 1000")]


def network_in_sumo():
    """Each extract exported as .net.xml loads and runs in SUMO without an error."""
    rows = []
    for name in ("helsinki", "monaco", "baltimore", "poa"):
        source = OSM / (f"{name}.osm.gz" if name == "monaco" else f"{name}.osm.pbf")
        city, net = WORK / "osm" / f"{name}.h5", WORK / "osm" / f"{name}_ours.net.xml"
        check(citytwin("city", "import", source, "-o", city, "-q")[2])
        check(citytwin("city", "export", city, "-o", net, "-q")[2])
        _, _, result = timed([sumo_binary("sumo"), "-n", str(net), "-e", "60", "--no-step-log"])
        errors = result.stdout.count("Error")
        rows.append(row(f"{name}.net.xml", "errors of sumo 1.28", errors, result.returncode == 0 and errors == 0, tolerance="0"))
    return rows


def _lanes_and_connections(net):
    """Lane-km from node to node without the classes that netconvert leaves out for cars; connections by junction."""
    root = ET.parse(net).getroot()
    place = {j.get("id"): (float(j.get("x")), float(j.get("y"))) for j in root.iter("junction") if j.get("type") != "internal"}
    head, lane_m = {}, 0.0
    for edge in root.iter("edge"):
        if edge.get("function") in ("internal", "crossing", "walkingarea"):
            continue
        head[edge.get("id")] = edge.get("to")
        if edge.get("type", "").split("|")[0] in ("highway.service", "highway.road"):
            continue
        points = [tuple(map(float, p.split(",")[:2])) for p in edge.get("shape", "").split()] or [place[edge.get("from")], place[edge.get("to")]]
        lanes = [lane for lane in edge.iter("lane") if lane.get("allow") not in ("pedestrian", "bicycle")]
        lane_m += len(lanes) * sum(math.dist(a, b) for a, b in zip(points, points[1:]))
    arms, connections = collections.Counter(head.values()), collections.Counter()
    leaving = collections.Counter(edge.get("from") for edge in root.iter("edge") if edge.get("function") is None)
    for connection in root.iter("connection"):
        if connection.get("from") in head:
            connections[head[connection.get("from")]] += 1
    return lane_m / 1000, {j: (arms[j], leaving[j], connections[j]) for j in place}


def network_against_netconvert():
    """Lane-km and connections per shared junction (same id, same arms) against netconvert with the options of traffic.md section 7."""
    rows = []
    for name in ("helsinki", "baltimore", "poa"):
        city, ours, theirs = WORK / "osm" / f"{name}.h5", WORK / "osm" / f"{name}_ours.net.xml", WORK / "osm" / f"{name}_netconvert.net.xml"
        xml = _xml(name)
        check(citytwin("city", "import", OSM / f"{name}.osm.pbf", "-o", city, "-q")[2])
        check(citytwin("city", "export", city, "-o", ours, "-q")[2])
        check(timed([sumo_binary("netconvert"), "--osm-files", str(xml), "-o", str(theirs), *NETCONVERT])[2])
        our_km, our_nodes = _lanes_and_connections(ours)
        their_km, their_nodes = _lanes_and_connections(theirs)
        rows.append(row(name, "lane-km (service roads apart) / netconvert's", round(our_km / their_km, 3), abs(our_km / their_km - 1) <= 0.1,
                        reference=round(their_km, 1), source="netconvert 1.28, km node to node", tolerance="+-10 %"))
        shared = [j for j in our_nodes if j in their_nodes and our_nodes[j][:2] == their_nodes[j][:2]]
        ratio = sum(our_nodes[j][2] for j in shared) / sum(their_nodes[j][2] for j in shared)
        rows.append(row(name, f"connections per shared junction ({len(shared)}) / netconvert's", round(ratio, 3), abs(ratio - 1) <= 0.1,
                        reference=round(sum(their_nodes[j][2] for j in shared) / len(shared), 3), source="netconvert 1.28", tolerance="+-10 %"))
    return rows
