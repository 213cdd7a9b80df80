"""Runs the shell steps of action.yml as a runner would.

    action.py ROOT FOLDER NAME=VALUE…

FOLDER is the work tree; the inputs are NAME=VALUE, the others have their defaults. Ends as the
first step that fails, and prints the outputs.
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
inputs = {name: value.get("default", "") for name, value in action["inputs"].items()}
for given in sys.argv[3:]:
    name, value = given.split("=", 1)
    assert name in inputs, name
    inputs[name] = value

temporary = pathlib.Path(tempfile.mkdtemp())
names = {name: temporary / name for name in ("GITHUB_OUTPUT", "GITHUB_PATH", "GITHUB_STEP_SUMMARY")}
for file in names.values():
    file.touch()
(temporary / "runner").mkdir()


def filled(text):
    def value(match):
        name = match.group(1)
        return str(root) if name == "github.action_path" else inputs[name.removeprefix("inputs.")]
    return re.sub(r"\$\{\{\s*([\w.-]+)\s*\}\}", value, str(text))


path = os.environ["PATH"]
status = 0
for step in action["runs"]["steps"]:
    if "run" not in step:
        continue
    assert "${{" not in step["run"], "an input in a script is code of whoever sets it"
    more = names["GITHUB_PATH"].read_text().split("\n")
    environment = {
        **os.environ, **{name: str(file) for name, file in names.items()},
        **{name: filled(value) for name, value in step.get("env", {}).items()},
        "PATH": os.pathsep.join([one for one in more if one] + [path]),
        "RUNNER_TEMP": str(temporary / "runner"), "RUNNER_OS": "Linux", "RUNNER_ARCH": "X64", "CI": "true",
    }
    status = subprocess.run(["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]], cwd=folder, env=environment).returncode
    if status:
        break
print(names["GITHUB_OUTPUT"].read_text(), end="")
print("summary:", len(names["GITHUB_STEP_SUMMARY"].read_text().splitlines()), "lines")
sys.exit(status)
