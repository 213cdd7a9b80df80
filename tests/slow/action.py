"""Runs the shell steps of action.yml as a runner would.

    action.py ROOT FOLDER NAME=VALUE… [-- NAME=VALUE…]…

FOLDER is the work tree; the inputs are NAME=VALUE, the others have their defaults. What is after a
`--` is another use of the action in the same job, which goes on after a use that failed. Ends as the
first step that fails, and prints the outputs of each use.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

import yaml

root, folder = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2]
action = yaml.safe_load((root / "action.yml").read_text())
temporary = pathlib.Path(tempfile.mkdtemp())
(temporary / "runner").mkdir()
paths = temporary / "GITHUB_PATH"
paths.touch()


def use(number, given):
    """How one use ends."""
    inputs = {name: value.get("default", "") for name, value in action["inputs"].items()}
    for one in given:
        name, value = one.split("=", 1)
        assert name in inputs, name
        inputs[name] = value

    names = {name: temporary / f"{name}-{number}" for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    for file in names.values():
        file.touch()

    def filled(text):
        def value(match):
            name = match.group(1)
            return str(root) if name == "github.action_path" else inputs[name.removeprefix("inputs.")]
        return re.sub(r"\$\{\{\s*([\w.-]+)\s*\}\}", value, str(text))

    status = 0
    for step in action["runs"]["steps"]:
        if "run" not in step:
            # It runs after a failure too, with what the check has put out.
            assert "steps.check.outputs.sarif != ''" in step["if"], step
            assert filled(step["with"]["category"]) == inputs["category"]
            continue
        assert "${{" not in step["run"], "an input in a script is code of whoever sets it"
        if status:
            continue
        more = paths.read_text().split("\n")
        environment = {
            **os.environ, **{name: str(file) for name, file in names.items()}, "GITHUB_PATH": str(paths),
            **{name: filled(value) for name, value in step.get("env", {}).items()},
            "PATH": os.pathsep.join([one for one in more if one] + [os.environ["PATH"]]),
            "RUNNER_TEMP": str(temporary / "runner"), "RUNNER_OS": "Linux", "RUNNER_ARCH": "X64", "CI": "true",
        }
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
        status = subprocess.run(command, cwd=folder, env=environment).returncode
    print(names["GITHUB_OUTPUT"].read_text(), end="")
    print("summary:", len(names["GITHUB_STEP_SUMMARY"].read_text().splitlines()), "lines", flush=True)
    return status


uses = [[]]
for given in sys.argv[3:]:
    if given == "--":
        uses.append([])
    else:
        uses[-1].append(given)
ends = [use(number, given) for number, given in enumerate(uses)]
sys.exit(next((status for status in ends if status), 0))
