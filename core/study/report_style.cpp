#include "core/study/report_page.hpp"

namespace citytwin {

std::string_view report_style() {
    return R"css(
:root { color-scheme: light; --line: #d0d4da; --quiet: #57606a; --accent: #0b5394; }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem 1.25rem 3rem; max-width: 76rem; font: 16px/1.5 system-ui, sans-serif; color: #1b1f24; background: #fff; }
h1 { font-size: 1.6rem; margin: .2rem 0; }
h2 { font-size: 1.2rem; margin: 2.2rem 0 .6rem; border-bottom: 1px solid var(--line); padding-bottom: .25rem; }
p, ul { margin: .4rem 0; max-width: 60rem; }
nav a { margin-right: 1rem; }
a { color: var(--accent); }
.quiet { color: var(--quiet); }
.notice { border-left: 4px solid #b35900; padding: .3rem .8rem; background: #fff7ee; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
caption { text-align: left; color: var(--quiet); padding: .2rem 0; }
th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; }
th { background: #f4f6f8; font-weight: 600; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td.word { white-space: nowrap; }
td code { word-break: break-all; }
code { font: .86em ui-monospace, monospace; }
details > summary { cursor: pointer; }
.map { display: grid; grid-template-columns: minmax(0, 1fr) 19rem; gap: 1rem; }
.map canvas { width: 100%; height: 34rem; border: 1px solid var(--line); background: #fbfbf9; display: block; touch-action: none; cursor: grab; }
.controls { display: flex; flex-wrap: wrap; gap: .6rem 1.2rem; align-items: center; margin: .5rem 0; }
.controls input[type=range] { width: 22rem; max-width: 100%; }
.controls output { font-variant-numeric: tabular-nums; font-weight: 600; }
button, select { font: inherit; padding: .2rem .6rem; }
:focus-visible { outline: 3px solid #0b5394; outline-offset: 2px; }
.legend { list-style: none; margin: 0; padding: 0; font-size: .9rem; }
.legend li { display: flex; align-items: center; gap: .5rem; }
.swatch { display: inline-block; width: 2.6rem; flex: none; }
.link { font: inherit; border: 0; padding: 0; background: none; color: var(--accent); text-decoration: underline; text-align: left; cursor: pointer; }
#busiest td, #busiest th { padding: .15rem .3rem; }
.verdict { font-size: 1.05rem; }
.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(22rem, 1fr)); gap: 1rem; }
figure { margin: 0; }
figcaption { font-weight: 600; }
figure svg { width: 100%; height: auto; border: 1px solid var(--line); }
@media (max-width: 60rem) { .map { grid-template-columns: 1fr; } .map canvas { height: 24rem; } }
@media print { .controls, nav { display: none; } }
)css";
}

}  // namespace citytwin
