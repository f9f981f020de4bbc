#include "core/study/report_page.hpp"

namespace citytwin {

// Texts from the data only ever reach the page through textContent. Nothing is fetched; the data stands in the page.
std::string_view report_script() {
    return R"js(
"use strict";
const byId = id => document.getElementById(id);

async function inflated(text) {
    const bytes = Uint8Array.from(atob(text), c => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
}
async function numbers(text) {  // low bytes, then high bytes
    const planes = await inflated(text), n = planes.length / 2, values = new Uint16Array(n);
    for (let i = 0; i < n; ++i) values[i] = planes[i] | planes[n + i] << 8;
    return values;
}

async function loadMap() {
    const data = JSON.parse(byId("map-data").textContent);
    const [counts, dx, dy, of, ids] = await Promise.all([numbers(data.shapes.counts), numbers(data.shapes.x), numbers(data.shapes.y),
        numbers(data.names.of), inflated(data.ids)]);
    const map = { data, links: counts.length, ids: JSON.parse(new TextDecoder().decode(ids)), nameOf: of, first: new Uint32Array(counts.length + 1),
        x: new Float32Array(dx.length), y: new Float32Array(dx.length), nx: new Float32Array(dx.length), ny: new Float32Array(dx.length), fields: [] };
    let x = 0, y = 0;
    for (let i = 0; i < dx.length; ++i) {
        map.x[i] = x = (x + dx[i]) & 65535;
        map.y[i] = y = (y + dy[i]) & 65535;
    }
    for (let l = 0; l < map.links; ++l) map.first[l + 1] = map.first[l] + counts[l];
    addNormals(map);
    for (const field of data.fields) {
        map.fields.push({ ...field, run: await numbers(field.run), base: field.base ? await numbers(field.base) : null });
    }
    return map;
}

// Unit normals to the right of the driving direction: the two directions of a street are drawn beside each other.
function addNormals(map) {
    for (let l = 0; l < map.links; ++l) {
        for (let i = map.first[l]; i < map.first[l + 1]; ++i) {
            const a = Math.max(i - 1, map.first[l]), b = Math.min(i + 1, map.first[l + 1] - 1);
            const dx = map.x[b] - map.x[a], dy = map.y[b] - map.y[a], length = Math.hypot(dx, dy) || 1;
            map.nx[i] = dy / length;
            map.ny[i] = -dx / length;
        }
    }
}

const missing = 65535;
const growing = ["#b3cde3", "#8c96c6", "#8c6bb1", "#88419d", "#6e016b"], less = ["#9ecae1", "#4292c6", "#08519c"], more = ["#fdae6b", "#e6550d", "#8c2d04"];

function nice(value) {
    const power = Math.pow(10, Math.floor(Math.log10(Math.max(value, 1e-9))));
    return [1, 2, 5, 10].find(m => m * power >= value) * power;
}
function percentile(values, share) {
    const sorted = Float64Array.from(values).sort();
    return sorted.length ? sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] : 1;
}

// Four of the numbers 1, 2, 5, 10, 20 … , ascending, the last one not above `most`.
function roundSteps(most) {
    const steps = [];
    for (let power = 1e6; power >= 1 && steps.length < 4; power /= 10) {
        for (const m of [5, 2, 1]) if (m * power <= most && steps.length < 4) steps.unshift(m * power);
    }
    while (steps.length < 4) steps.push((steps[steps.length - 1] || 0) + 1);
    return steps;
}

// Classes of a view: from, to, colour, width, words. Width grows with the amount, so that the picture reads without colour.
function classesOf(field, show) {
    const widths = [1, 1.5, 2.25, 3.25, 4.5];
    if (show === "difference") {
        const changes = [];
        for (let i = 0; i < field.run.length; i += 3) {
            if (field.run[i] !== missing && field.base[i] !== missing && field.run[i] !== field.base[i]) changes.push(Math.abs(field.run[i] - field.base[i]));
        }
        const top = nice(Math.max(4, percentile(changes, 0.98))), steps = [top / 4, top / 2].map(Math.round), classes = [];
        classes.push({ from: -Infinity, to: -steps[1], color: less[2], width: 4.5 }, { from: -steps[1], to: -steps[0], color: less[1], width: 3 },
            { from: -steps[0], to: -0.5, color: less[0], width: 1.75 }, { from: -0.5, to: 0.5, color: "#d5d5d5", width: 0.75 },
            { from: 0.5, to: steps[0], color: more[0], width: 1.75 }, { from: steps[0], to: steps[1], color: more[1], width: 3 },
            { from: steps[1], to: Infinity, color: more[2], width: 4.5 });
        return classes;
    }
    const values = [];
    for (let i = 0; i < field.run.length; i += 3) if (field.run[i] !== missing && field.run[i] > 0) values.push(field.run[i]);
    const top = nice(Math.max(8, percentile(values, 0.995)));
    const speed = field.name === "speed", steps = speed ? [10, 20, 30, 50] : roundSteps(top / 2);
    const edges = [0.5, ...steps, Infinity], classes = [{ from: -Infinity, to: 0.5, color: "#d5d5d5", width: 0.75 }];
    for (let c = 0; c < 5; ++c) {
        const rank = speed ? 4 - c : c;  // slow is what matters there
        classes.push({ from: edges[c], to: edges[c + 1], color: growing[rank], width: widths[rank] });
    }
    return classes;
}
function words(c, difference) {
    const sign = v => difference && v > 0 ? "+" + v : String(v).replace("-", "−");
    if (c.from === -0.5) return "unchanged";
    if (c.from === -Infinity && c.to === 0.5) return "0";
    if (c.from === -Infinity) return "below " + sign(c.to);
    if (c.to === Infinity) return sign(c.from) + " and more";
    const from = Math.abs(c.from) === 0.5 ? sign(Math.sign(c.from)) : sign(c.from), to = Math.abs(c.to) === 0.5 ? sign(Math.sign(c.to)) : sign(c.to);
    return from + " to " + to;
}

class MapView {
    constructor(map) {
        this.map = map;
        this.canvas = byId("map");
        this.frame = 0;
        this.selected = -1;
        this.fieldSelect = byId("field");
        this.showSelect = byId("show");
        this.slider = byId("time");
        map.fields.forEach((f, i) => this.fieldSelect.add(new Option(f.label + " (" + f.unit + ")", i)));
        const hasBase = map.fields.some(f => f.base);
        for (const [value, text] of hasBase ? [["difference", "difference to the base"], ["run", map.data.run], ["base", map.data.base]] : [["run", map.data.run]]) {
            this.showSelect.add(new Option(text, value));
        }
        this.slider.max = map.data.frames.length - 1;
        this.frame = this.busiestFrame();
        this.slider.value = this.frame;
        this.listen();
        this.resize();
        this.fit();
        this.change();
    }
    get field() { return this.map.fields[this.fieldSelect.value | 0]; }
    get show() { return this.field.base ? this.showSelect.value : "run"; }
    value(link) {
        const i = this.frame * this.map.links + link, f = this.field, show = this.show;
        if (show === "difference") return f.run[i] === missing || f.base[i] === missing ? NaN : (f.run[i] - f.base[i]) / f.scale;
        const v = show === "base" ? f.base[i] : f.run[i];
        return v === missing ? NaN : v / f.scale;
    }
    busiestFrame() {
        const n = this.map.links, v = this.map.fields[0].run;
        let best = 0, most = -1;
        for (let f = 0; f < this.map.data.frames.length; ++f) {
            let sum = 0;
            for (let l = 0; l < n; ++l) if (v[f * n + l] !== missing) sum += v[f * n + l];
            if (sum > most) { most = sum; best = f; }
        }
        return best;
    }
    listen() {
        this.slider.addEventListener("input", () => { this.frame = +this.slider.value; this.update(); });
        this.fieldSelect.addEventListener("change", () => this.change());
        this.showSelect.addEventListener("change", () => this.change());
        byId("play").addEventListener("click", () => this.play());
        byId("whole").addEventListener("click", () => { this.fit(); this.draw(); });
        addEventListener("resize", () => { this.resize(); this.draw(); });
        const c = this.canvas;
        c.addEventListener("keydown", e => this.key(e));
        c.addEventListener("wheel", e => { e.preventDefault(); this.zoom(Math.exp(-e.deltaY * 0.0015), e.offsetX, e.offsetY); }, { passive: false });
        let from = null;
        c.addEventListener("pointerdown", e => { from = { x: e.offsetX, y: e.offsetY, moved: false }; c.setPointerCapture(e.pointerId); });
        c.addEventListener("pointermove", e => {
            if (!from || Math.hypot(e.offsetX - from.x, e.offsetY - from.y) < 3 && !from.moved) return;
            this.pan(e.offsetX - from.x, e.offsetY - from.y);
            from = { x: e.offsetX, y: e.offsetY, moved: true };
        });
        c.addEventListener("pointerup", e => { if (from && !from.moved) this.select(this.nearest(e.offsetX, e.offsetY)); from = null; });
    }
    key(e) {
        const w = this.width, h = this.height, step = 60;
        const act = { ArrowLeft: () => this.pan(step, 0), ArrowRight: () => this.pan(-step, 0), ArrowUp: () => this.pan(0, step), ArrowDown: () => this.pan(0, -step),
            "+": () => this.zoom(1.4, w / 2, h / 2), "=": () => this.zoom(1.4, w / 2, h / 2), "-": () => this.zoom(1 / 1.4, w / 2, h / 2),
            Home: () => { this.fit(); this.draw(); }, Enter: () => this.select(this.nearest(w / 2, h / 2)) }[e.key];
        if (act) { e.preventDefault(); act(); }
    }
    play() {
        if (this.timer) { clearInterval(this.timer); this.timer = null; byId("play").textContent = "Play"; return; }
        byId("play").textContent = "Stop";
        this.timer = setInterval(() => {
            this.frame = (this.frame + 1) % this.map.data.frames.length;
            this.slider.value = this.frame;
            this.update();
        }, 700);
    }
    resize() {
        const ratio = Math.min(devicePixelRatio || 1, 2);
        this.width = this.canvas.clientWidth;
        this.height = this.canvas.clientHeight;
        this.canvas.width = this.width * ratio;
        this.canvas.height = this.height * ratio;
        this.ratio = ratio;
    }
    fit() {
        let x0 = 65535, x1 = 0, y0 = 65535, y1 = 0;
        for (let i = 0; i < this.map.x.length; ++i) {
            x0 = Math.min(x0, this.map.x[i]); x1 = Math.max(x1, this.map.x[i]);
            y0 = Math.min(y0, this.map.y[i]); y1 = Math.max(y1, this.map.y[i]);
        }
        this.scale = 0.95 * Math.min(this.width / Math.max(x1 - x0, 1), this.height / Math.max(y1 - y0, 1));
        this.left = this.width / 2 - this.scale * (x0 + x1) / 2;
        this.top = this.height / 2 + this.scale * (y0 + y1) / 2;
        this.fitted = this.scale;
    }
    pan(dx, dy) { this.left += dx; this.top += dy; this.draw(); }
    zoom(by, x, y) {
        const to = Math.min(Math.max(this.scale * by, this.fitted / 2), this.fitted * 400);
        by = to / this.scale;
        this.left = x - (x - this.left) * by;
        this.top = y - (y - this.top) * by;
        this.scale = to;
        this.draw();
    }
    // One path a class: a browser strokes 34,000 lines of seven styles in a few dozen milliseconds.
    // Drawn by the processor ("willReadFrequently"): thousands of thin lines are nine times as fast so where the graphics card is emulated, as in virtual machines.
    draw() {
        const begin = performance.now(), g = this.canvas.getContext("2d", { willReadFrequently: true }), m = this.map, thick = Math.min(2, Math.max(0.8, Math.sqrt(this.scale / this.fitted) * 0.8));
        const paths = this.classes.map(() => new Path2D());
        g.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
        g.clearRect(0, 0, this.width, this.height);
        for (let l = 0; l < m.links; ++l) {
            const a = m.first[l], b = m.first[l + 1];
            if (b - a < 2 || !this.visible(a, b)) continue;
            const k = this.classOf[l];
            if (k >= 0) this.trace(paths[k], a, b, this.classes[k].width * thick);
        }
        g.lineJoin = "round";
        const order = this.classes.map((c, i) => i).sort((i, j) => this.classes[i].width - this.classes[j].width);
        for (const k of order) {
            g.strokeStyle = this.classes[k].color;
            g.lineWidth = this.classes[k].width * thick;
            g.stroke(paths[k]);
        }
        this.drawSelected(g);
        this.drawScale(g);
        return performance.now() - begin;
    }
    visible(a, b) {
        const x0 = this.left + this.scale * this.map.x[a], x1 = this.left + this.scale * this.map.x[b - 1];
        const y0 = this.top - this.scale * this.map.y[a], y1 = this.top - this.scale * this.map.y[b - 1], edge = 200;
        return Math.max(x0, x1) > -edge && Math.min(x0, x1) < this.width + edge && Math.max(y0, y1) > -edge && Math.min(y0, y1) < this.height + edge;
    }
    trace(path, a, b, width) {
        const m = this.map, beside = width / 2 + 0.2;
        for (let i = a; i < b; ++i) {
            const x = this.left + this.scale * m.x[i] + beside * m.nx[i], y = this.top - this.scale * m.y[i] - beside * m.ny[i];
            if (i === a) path.moveTo(x, y); else path.lineTo(x, y);
        }
    }
    drawSelected(g) {
        if (this.selected < 0) return;
        const path = new Path2D(), a = this.map.first[this.selected], b = this.map.first[this.selected + 1];
        this.trace(path, a, b, 5);
        g.strokeStyle = "#000"; g.lineWidth = 7; g.stroke(path);
        g.strokeStyle = "#ffd400"; g.lineWidth = 4; g.stroke(path);
    }
    drawScale(g) {
        const metres = nice(90 / (this.scale / this.map.data.shapes.metresPerUnit)), pixels = metres * this.scale / this.map.data.shapes.metresPerUnit;
        g.fillStyle = "#1b1f24"; g.font = "12px system-ui, sans-serif";
        g.fillRect(12, this.height - 14, pixels, 3);
        g.fillText(metres >= 1000 ? metres / 1000 + " km" : metres + " m", 12, this.height - 20);
    }
    nearest(x, y) {
        const m = this.map;
        let best = -1, least = 12;
        for (let l = 0; l < m.links; ++l) {
            for (let i = m.first[l]; i + 1 < m.first[l + 1]; ++i) {
                const ax = this.left + this.scale * m.x[i] + 2 * m.nx[i], ay = this.top - this.scale * m.y[i] - 2 * m.ny[i];
                const bx = this.left + this.scale * m.x[i + 1] + 2 * m.nx[i + 1], by = this.top - this.scale * m.y[i + 1] - 2 * m.ny[i + 1];
                const dx = bx - ax, dy = by - ay, t = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1)));
                const d = Math.hypot(x - ax - t * dx, y - ay - t * dy);
                if (d < least) { least = d; best = l; }
            }
        }
        return best;
    }
    select(link) { this.selected = link; this.update(); }
    bring(link) {
        const i = this.map.first[link] + (this.map.first[link + 1] - this.map.first[link] >> 1);
        this.scale = Math.max(this.scale, this.fitted * 8);
        this.left = this.width / 2 - this.scale * this.map.x[i];
        this.top = this.height / 2 + this.scale * this.map.y[i];
        this.select(link);
    }
    change() {
        this.classes = classesOf(this.field, this.show);
        const legend = byId("legend");
        legend.replaceChildren(...this.classes.map(c => {
            const item = document.createElement("li"), swatch = document.createElement("span");
            swatch.className = "swatch";
            swatch.style.height = Math.max(1, c.width * 1.4) + "px";
            swatch.style.background = c.color;
            item.append(swatch, words(c, this.show === "difference"));
            return item;
        }));
        byId("legend-title").textContent = this.field.label + ", " + this.field.unit + (this.show === "difference" ? ", difference to the base" : "");
        this.update();
    }
    update() {
        const n = this.map.links;
        this.classOf = this.classOf || new Int8Array(n);
        for (let l = 0; l < n; ++l) {
            const v = this.value(l);
            this.classOf[l] = this.classes.findIndex(c => v >= c.from && v < c.to);
        }
        const label = this.map.data.frames[this.frame];
        byId("when").textContent = label;
        this.slider.setAttribute("aria-valuetext", label);
        const ms = this.draw();
        this.describe();
        this.listBusiest();
        byId("s").textContent = n.toLocaleString("en") + " links drawn in " + Math.round(ms) + " ms";
    }
    title(link) {
        const name = this.map.data.names.texts[this.map.nameOf[link]];
        return name ? name + " (" + this.map.ids[link] + ")" : this.map.ids[link];
    }
    figure(v, signed) { return Number.isNaN(v) ? "no data" : (signed && v > 0 ? "+" : "") + String(v).replace("-", "−"); }
    describe() {
        const box = byId("chosen");
        if (this.selected < 0) { box.textContent = "No link chosen: click one, press Enter on the map's middle, or take one from the list."; return; }
        const f = this.field, i = this.frame * this.map.links + this.selected, of = a => this.figure(a[i] === missing ? NaN : a[i] / f.scale, false);
        let text = this.title(this.selected) + ": " + of(f.run) + " " + f.unit;
        if (f.base) text += "; base " + of(f.base) + ", difference " + this.figure(f.run[i] === missing || f.base[i] === missing ? NaN : (f.run[i] - f.base[i]) / f.scale, true);
        box.textContent = text;
    }
    listBusiest() {
        const top = [];
        for (let l = 0; l < this.map.links; ++l) {
            const v = this.value(l), size = this.field.name === "speed" && this.show !== "difference" ? -v : Math.abs(v);
            if (Number.isNaN(v) || v === 0) continue;
            if (top.length < 12 || size > top[11].size) {
                top.push({ l, v, size });
                top.sort((a, b) => b.size - a.size || a.l - b.l);
                if (top.length > 12) top.pop();
            }
        }
        byId("busiest-title").textContent = this.show === "difference" ? "Largest differences" : this.field.name === "speed" ? "Slowest links" : "Largest values";
        byId("busiest").tBodies[0].replaceChildren(...top.map(t => {
            const row = document.createElement("tr"), link = document.createElement("td"), value = document.createElement("td"), button = document.createElement("button");
            button.className = "link";
            button.type = "button";
            button.textContent = this.title(t.l);
            button.addEventListener("click", () => this.bring(t.l));
            link.append(button);
            value.className = "number";
            value.textContent = this.figure(t.v, this.show === "difference");
            row.append(link, value);
            return row;
        }));
    }
}

if (byId("map-data")) {
    const begin = performance.now();
    if (typeof DecompressionStream === "undefined") byId("s").textContent = "This browser is too old for the map (no DecompressionStream); the tables below hold all figures.";
    else loadMap().then(map => { window.view = new MapView(map); byId("s").textContent += ", ready after " + Math.round(performance.now() - begin) + " ms"; })
        .catch(error => { byId("s").textContent = "The map can't be drawn: " + error.message; });
}
)js";
}

}  // namespace citytwin
