"""B4: the report's map beside the yardstick of the shared folder, MapLibre with 20,000 segments and 24 hours, in one run."""
import re
import shutil
import subprocess
import sys
import time

from .common import ROOT, SHARED, WORK, check, citytwin, median, row

sys.path.insert(0, str(ROOT / "tests" / "end_to_end" / "session"))
BENCH = SHARED / "ref" / "city" / "bench"


def _yardstick(folder):
    """The page that report_maplibre.mjs says how to build; needs npm and PyPI's osmium."""
    page = folder / "yardstick.html"
    if page.exists():
        return page
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)

    def run(*words):
        subprocess.run([str(word) for word in words], cwd=folder, check=True, capture_output=True)
    run("npm", "init", "-y")
    run("npm", "install", "maplibre-gl", "esbuild")
    run("python3", "-m", "venv", "python")
    run("python/bin/pip", "install", "-q", "osmium")
    run("python/bin/python", BENCH / "report_sample.py", "--data", SHARED / "data" / "city", "--out", ".")
    shutil.copy(BENCH / "report_maplibre.mjs", folder)
    shutil.copy(folder / "node_modules/maplibre-gl/dist/maplibre-gl-worker.mjs", folder / "worker.txt")
    run("npx", "esbuild", "report_maplibre.mjs", "--bundle", "--minify", "--format=iife", "--loader:.css=text", "--loader:.txt=text", "--loader:.geojson=json", "--outfile=out.js")
    script = (folder / "out.js").read_text()
    page.write_text('<!doctype html><meta charset=utf-8><div id=map style="position:fixed;inset:0"></div><div id=s>loading</div><input id=t type=range min=0 max=23 value=8><script>' + script + "</script>")
    return page


def _look_at_yardstick(page):
    """(ms to the first idle, ms a slider step)."""
    from browse_report import Browser
    browser = Browser()
    try:
        target = browser.send("Target.createTarget", url="about:blank")["targetId"]
        session = browser.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        browser.send("Page.enable", session)
        browser.send("Emulation.setDeviceMetricsOverride", session, width=1200, height=800, deviceScaleFactor=1, mobile=False)
        browser.send("Page.navigate", session, url=page.resolve().as_uri())
        begin = time.time()
        while time.time() - begin < 90:
            said = browser.send("Runtime.evaluate", session, expression="(document.getElementById('s') || {}).textContent || ''")["result"].get("value", "")
            found = re.search(r"first idle (\d+) ms; slider step median (\d+) ms", said)
            if found:
                return float(found[1]), float(found[2])
            time.sleep(0.2)
        raise RuntimeError(f"the yardstick said '{said}'")
    finally:
        browser.close()


def report_map():
    """Size, requests, picture and slider step of Porto Alegre's day (32,000 links, 24 hours) against the yardstick's, A B A B."""
    if shutil.which("chromium") is None or shutil.which("npm") is None:
        return [row("report", "browser and npm", None, False, note="apt install chromium npm")]
    from browse_report import browse
    yardstick = _yardstick(WORK / "report_yardstick")
    folder = WORK / "report"
    if not (folder / "run" / "report.html").exists():
        shutil.rmtree(folder, ignore_errors=True)
        check(citytwin("run", ROOT / "scenarios/porto_alegre/baseline.toml", "-o", folder / "run", "--progress", "none", "-q")[2])
    page = folder / "run" / "report.html"
    check(citytwin("report", folder / "run", "-o", page)[2])
    ours, theirs = [], []
    for _ in range(3):
        ours.append(browse(page, folder / "map.png"))
        theirs.append(_look_at_yardstick(yardstick))
    step, peer = median([one["step_ms"] for one in ours]), median([one[1] for one in theirs])
    ready, peer_ready = median([1000 * one["ready_s"] for one in ours]), median([one[0] for one in theirs])
    return [row("Porto Alegre's day", "report, MB", round(page.stat().st_size / 1e6, 2), page.stat().st_size <= 4e6, tolerance="<= 4"),
            row("Porto Alegre's day", "requests", max(one["requests"] for one in ours), all(one["requests"] == 0 for one in ours), tolerance="0"),
            row("Porto Alegre's day", "colours of the map (30 pixels or more)", min(one["colours"] for one in ours), all(one["colours"] >= 4 for one in ours), tolerance=">= 4"),
            row("Porto Alegre's day", "slider step, times the yardstick's", round(step / peer, 2), step <= 1.3 * peer, tolerance="<= 1.3", note=f"{step:.0f} ms and {peer:.0f} ms (100 ms wished)"),
            row("Porto Alegre's day", "ready, times the yardstick's first idle", round(ready / peer_ready, 2), ready <= 1.3 * peer_ready, tolerance="<= 1.3", note=f"{ready:.0f} ms and {peer_ready:.0f} ms")]
