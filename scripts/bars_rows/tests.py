"""B3, B6, B7, B8: what the tests already measure, sanitizers, fuzzing, style."""
import pathlib
import re
import subprocess

from .common import BUILD, ROOT, row


def parity_tests():
    """Counts of all extracts, zones, outputs in h5py, xarray, pandas and GDAL: the parity and end-to-end tests."""
    result = subprocess.run(["ctest", "--test-dir", str(BUILD), "-L", "parity|end_to_end|property|package", "-j", "2"], capture_output=True, text=True)
    last = [line for line in result.stdout.splitlines() if "tests passed" in line or "tests failed" in line]
    return [row("ctest parity, property, end_to_end, package", "result", last[-1] if last else "no test ran", result.returncode == 0 and bool(last), tolerance="all")]


def malformed_sanitized():
    """The malformed inputs with AddressSanitizer and UBSan: every file refused with its code, no finding."""
    subprocess.run(["cmake", "--preset", "dev", "-DCITYTWIN_TESTS=OFF"], cwd=ROOT, check=True, capture_output=True)
    subprocess.run(["cmake", "--build", "--preset", "dev", "--target", "citytwin", "citytwin_gdal"], cwd=ROOT, check=True, capture_output=True)
    result = subprocess.run([str(ROOT / "tests" / "fuzz" / "check_malformed"), str(ROOT / "build-dev" / "citytwin")], capture_output=True, text=True)
    print(result.stdout[-2000:], result.stderr[-2000:])
    count = re.search(r"(\d+) files", result.stdout)
    files = int(count.group(1)) if count else 0
    return [row("malformed inputs under ASan and UBSan", "files refused as expected", files, result.returncode == 0 and files >= 60, tolerance=">= 60, all")]


def fuzz(minutes=15):
    """libFuzzer on each own reader, 15 minutes in all, without a finding."""
    targets = fuzzers()
    return fuzzed(targets, 60 * minutes // max(1, len(targets)))


def fuzzers():
    """The programs, built."""
    subprocess.run([str(ROOT / "scripts" / "setup"), "fuzz"], cwd=ROOT, check=True)
    subprocess.run(["cmake", "--preset", "fuzz"], cwd=ROOT, check=True, capture_output=True)
    subprocess.run(["cmake", "--build", "--preset", "fuzz", "--target", "fuzzers"], cwd=ROOT, check=True, capture_output=True)
    return sorted((ROOT / "build-fuzz" / "bin").glob("fuzz_*"))


def fuzzed(targets, seconds_each):
    """A row a program; what it found goes into its corpus folder."""
    rows = []
    for target in targets:
        corpus = BUILD / "corpus" / target.name
        corpus.mkdir(parents=True, exist_ok=True)
        seeds = ROOT / "tests" / "fuzz" / "corpus" / target.name.removeprefix("fuzz_")
        words = ROOT / "tests" / "fuzz" / "dictionaries" / f"{target.name.removeprefix('fuzz_')}.dict"
        command = [str(target), *([f"-dict={words}"] if words.exists() else []), str(corpus), *([str(seeds)] if seeds.exists() else []), f"-max_total_time={seconds_each}", "-timeout=20", "-rss_limit_mb=4096"]
        result = subprocess.run(command, capture_output=True, text=True, cwd=corpus)
        runs = re.findall(r"#(\d+)\s", result.stderr)
        rows.append(row(target.name, "inputs without a finding", int(runs[-1]) if runs else 0, result.returncode == 0, tolerance="no finding", note=result.stderr[-300:] if result.returncode else ""))
    return rows or [row("fuzz", "targets", 0, False, tolerance=">= 1")]


def _functions(text):
    """Lengths of function bodies: from a line that ends in '{' at class or namespace depth to its closing brace."""
    lengths, open_line, depth = [], None, 0
    for number, line in enumerate(text.splitlines()):
        body = re.sub(r'"(\\.|[^"\\])*"|\'(\\.|[^\'\\])*\'|//.*', "", line)
        if open_line is None and re.search(r"\)\s*(const|override|noexcept|->[^{]*|:.*)*\s*\{\s*$", body) and not re.match(r"\s*(if|for|while|switch|else|catch)\b", body):
            open_line, depth = number, 0
        if open_line is not None:
            depth += body.count("{") - body.count("}")
            if depth <= 0:
                lengths.append(number - open_line + 1)
                open_line = None
    return lengths


def style():
    """Files p95 <= 600 lines, functions p95 <= 40 lines, root CMakeLists <= 100 lines, arrows."""
    files = [pathlib.Path(ROOT / name) for name in subprocess.run(["git", "ls-files", "*.cpp", "*.hpp", "*.py"], cwd=ROOT, capture_output=True, text=True).stdout.split()]
    lines = sorted(len(path.read_text().splitlines()) for path in files)
    functions = sorted(length for path in files if path.suffix in (".cpp", ".hpp") for length in _functions(path.read_text()))
    p95 = lambda values: values[int(0.95 * (len(values) - 1))]
    root = len((ROOT / "CMakeLists.txt").read_text().splitlines())
    arrows = subprocess.run([str(ROOT / "scripts" / "check_arrows")], capture_output=True, text=True)
    return [row("files", f"p95 lines of {len(lines)}", p95(lines), p95(lines) <= 600, tolerance="<= 600"),
            row("functions", f"p95 lines of {len(functions)}", p95(functions), p95(functions) <= 40, tolerance="<= 40"),
            row("CMakeLists.txt", "lines", root, root <= 100, tolerance="<= 100"),
            row("arrows", "breaches", arrows.stdout.count("no such arrow"), arrows.returncode == 0, tolerance="0")]
