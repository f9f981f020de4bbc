"""The command line as functions. Progress and messages go where the program writes them: to stderr."""
import json
import os
import pathlib
import shutil
import subprocess

from .run_folder import open_folder


class CitytwinError(RuntimeError):
    """The program ended with another exit code than 0; `exit_code` and what it said."""

    def __init__(self, arguments, exit_code, said):
        super().__init__(f"citytwin {' '.join(arguments)}: exit {exit_code}\n{said}")
        self.exit_code = exit_code


def _program():
    built = pathlib.Path(__file__).resolve().parents[2] / "build" / "citytwin"
    found = os.environ.get("CITYTWIN_PROGRAM") or (str(built) if built.exists() else shutil.which("citytwin"))
    if not found:
        raise FileNotFoundError("the program citytwin isn't in CITYTWIN_PROGRAM, in build/ or on PATH")
    return found


def command(*arguments):
    """What `citytwin ARGUMENTS --json` prints, as Python values. Raises CitytwinError."""
    words = [str(argument) for argument in arguments]
    done = subprocess.run([_program(), *words, "--json"], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise CitytwinError(words, done.returncode, done.stderr)
    return json.loads(done.stdout) if done.stdout.strip() else None


def _folder(of):
    return str(getattr(of, "folder", of))


def run(scenario, output, *, seeds=None, threads=None, until=None, resume=False, settings=None):
    """Runs a scenario; `seeds=N` makes an Ensemble, else a Run. `settings`: {"modules.traffic.period": "2 s"}."""
    words = ["run", scenario, "-o", output, "--progress", "none"]
    for option, value in (("--seeds", seeds), ("--threads", threads), ("--until", until)):
        words += [option, value] if value is not None else []
    words += ["--resume"] if resume else []
    for key, value in (settings or {}).items():
        words += ["--set", f"{key}={json.dumps(value) if isinstance(value, str) else value}"]
    command(*words)
    return open_folder(output)


def compare(base, *others):
    """`citytwin compare`: each a folder, a Run or an Ensemble. A refused comparison raises CitytwinError with exit_code 5."""
    return command("compare", _folder(base), *map(_folder, others))


def report(run_or_folder, output):
    """One offline HTML file; gives its path."""
    command("report", _folder(run_or_folder), "-o", output)
    return pathlib.Path(output)


def sweep(file, output, *, workers=None):
    """Runs a sweep; one that was killed goes on with what is left."""
    return command("sweep", "run", file, "-o", output, *(["--workers", workers] if workers is not None else []))
