"""Opens a report in headless Chromium with the network off and looks: requests, errors, colours of the map, keys, time of a slider step.

usage: browse_report.py REPORT.html PICTURE.png      prints JSON
"""
import base64
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

LOOK = """(async () => {
  const slider = document.getElementById('time'), when = document.getElementById('when'), canvas = document.querySelector('#map canvas, canvas#map');
  const frame = () => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  const before = when.textContent;
  slider.focus();
  const steps = [];
  for (let k = 0; k < 7; ++k) {
    const begin = performance.now();
    slider.value = String((+slider.value + 2) % (+slider.max + 1));
    slider.dispatchEvent(new Event('input', { bubbles: true }));
    if (window.reportIdle) await window.reportIdle(); else await frame();
    steps.push(performance.now() - begin);
  }
  steps.sort((a, b) => a - b);
  return JSON.stringify({ step_ms: steps[3], moved: when.textContent !== before, canvas: canvas !== null });
})()"""


class Browser:
    """Chromium over its debugging pipe: messages end with a zero byte."""

    def __init__(self):
        self.profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        to_read, self.to = os.pipe()
        self.source, from_write = os.pipe()

        def pipes():
            a, b = os.dup(to_read), os.dup(from_write)
            os.dup2(a, 3)
            os.dup2(b, 4)
        self.process = subprocess.Popen(["chromium", "--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist", "--hide-scrollbars", "--window-size=1200,800",
                                         "--remote-debugging-pipe", f"--user-data-dir={self.profile.name}", "about:blank"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=pipes, close_fds=False)
        os.close(to_read)
        os.close(from_write)
        self.buffer, self.number, self.events = b"", 0, []

    def _receive(self):
        while b"\0" not in self.buffer:
            part = os.read(self.source, 1 << 20)
            if not part:
                raise RuntimeError("chromium ended")
            self.buffer += part
        message, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(message)

    def send(self, method, session=None, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        os.write(self.to, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._receive()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer.get("result", {})
            self.events.append(answer)

    def close(self):
        self.process.kill()
        self.process.wait()


def png_pixels(data):
    """Distinct colours of a PNG, 8 bit RGB or RGBA, by the standard library alone."""
    import struct
    import zlib
    at, packed, header = 8, b"", None
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at:at + 8])
        body = data[at + 8:at + 8 + length]
        if kind == b"IHDR":
            header = struct.unpack(">IIBBBBB", body)
        if kind == b"IDAT":
            packed += body
        at += 12 + length
    width, height, _, colour = header[:4]
    n = {2: 3, 6: 4}[colour]
    raw, line, previous, counts = zlib.decompress(packed), width * n, bytearray(width * n), {}
    for y in range(height):
        row_filter, row = raw[y * (line + 1)], bytearray(raw[y * (line + 1) + 1:(y + 1) * (line + 1)])
        for x in range(line):
            a = row[x - n] if x >= n else 0
            b, c = previous[x], previous[x - n] if x >= n else 0
            if row_filter == 1:
                row[x] = (row[x] + a) & 255
            elif row_filter == 2:
                row[x] = (row[x] + b) & 255
            elif row_filter == 3:
                row[x] = (row[x] + (a + b) // 2) & 255
            elif row_filter == 4:
                p = a + b - c
                pa, pb, pc = abs(p - a), abs(p - b), abs(p - c)
                row[x] = (row[x] + (a if pa <= pb and pa <= pc else b if pb <= pc else c)) & 255
        for x in range(0, line, n):
            counts[bytes(row[x:x + 3])] = counts.get(bytes(row[x:x + 3]), 0) + 1
        previous = row
    return counts


def starts():
    """False where there is no browser, or it can't run here."""
    if shutil.which("chromium") is None:
        return False
    browser = Browser()
    try:
        return "product" in browser.send("Browser.getVersion")
    except (RuntimeError, OSError):
        return False
    finally:
        browser.close()


def browse(page, picture, timeout_s=60):
    browser = Browser()
    try:
        target = browser.send("Target.createTarget", url="about:blank")["targetId"]
        session = browser.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Runtime", "Log", "Page", "Network"):
            browser.send(f"{domain}.enable", session)
        browser.send("Network.emulateNetworkConditions", session, offline=True, latency=0, downloadThroughput=0, uploadThroughput=0)
        begin = time.time()
        browser.send("Page.navigate", session, url=pathlib.Path(page).resolve().as_uri())
        state = ""
        while time.time() - begin < timeout_s:
            state = browser.send("Runtime.evaluate", session, expression="(document.getElementById('s') || {}).textContent || ''")["result"].get("value", "")
            if state and state != "loading":
                break
            time.sleep(0.1)
        ready_s = time.time() - begin
        browser.send("Runtime.evaluate", session, expression="document.getElementById('map').scrollIntoView()")
        box = json.loads(browser.send("Runtime.evaluate", session, expression="JSON.stringify((r => ({ x: r.x + scrollX, y: r.y + scrollY, width: r.width, height: r.height, scale: 1 }))(document.getElementById('map').getBoundingClientRect()))")["result"]["value"])
        look = json.loads(browser.send("Runtime.evaluate", session, expression=LOOK, awaitPromise=True)["result"]["value"])
        browser.send("Runtime.evaluate", session, expression="document.getElementById('time').focus()")
        before = browser.send("Runtime.evaluate", session, expression="document.getElementById('when').textContent")["result"]["value"]
        for kind in ("keyDown", "keyUp"):
            browser.send("Input.dispatchKeyEvent", session, type=kind, key="ArrowLeft", code="ArrowLeft", windowsVirtualKeyCode=37)
        after = browser.send("Runtime.evaluate", session, expression="document.getElementById('when').textContent")["result"]["value"]
        shot = base64.b64decode(browser.send("Page.captureScreenshot", session, clip=box, captureBeyondViewport=True)["data"])
        pathlib.Path(picture).write_bytes(shot)
        asked = [e["params"]["request"]["url"] for e in browser.events if e.get("method") == "Network.requestWillBeSent"]
        errors = [json.dumps(e["params"])[:300] for e in browser.events if e.get("method") == "Runtime.exceptionThrown" or (e.get("method") == "Log.entryAdded" and e["params"]["entry"]["level"] == "error")]
        foreign = [url for url in asked if not url.startswith(("file:", "blob:", "data:"))]
        colours = sum(count >= 30 for count in png_pixels(shot).values())
        return {"state": state, "ready_s": round(ready_s, 2), "requests": len(foreign), "errors": errors, "colours": colours, "keyboard": look["moved"] and after != before, "step_ms": look["step_ms"]}
    finally:
        browser.close()


if __name__ == "__main__":
    print(json.dumps(browse(sys.argv[1], sys.argv[2])))
