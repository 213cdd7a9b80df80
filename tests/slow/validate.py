"""Reads the reports with validators that are not tonelint's.

    validate.py TONELINT FOLDER NODE_MODULES JUNIT_XSD

FOLDER is a repository of replies; reports are made of it, and of hostile files.
"""

import json
import pathlib
import subprocess
import sys

import jsonschema
import junitparser
import lxml.etree

tonelint, folder, modules, xsd = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3]), sys.argv[4]
FORMATS = ["sarif", "gitlab", "junit", "checkstyle", "rdjson", "json"]

hostile = folder / "hostile <&> \"names'"
hostile.mkdir()
(hostile / "#%41 \u00e4 \u202e\x1b[31m,:.md").write_text(
    "We're sorry you have encountered \u2028this problem.\n\nUtilize <![CDATA[ ]]> & \"quotes\" \x85 \ufffe \U0001f600 utilize\n"
)
(hostile / "broken.md").write_bytes(b"caf\xe9")
(hostile / "known.md").write_text("Utilize it. <!-- tonelint-disable-line -->\n")
# Two replies that contradict each other: a finding with another place.
(hostile / "macros.json").write_text('[{"content": "The refund takes 3 days."}, {"content": "The refund takes 5 days."}]')

out = folder / "reports"
out.mkdir()
files = {name: out / f"report.{name}" for name in FORMATS}
run = subprocess.run(
    [tonelint, "check", *(f"--format={name}={file}" for name, file in files.items()), "."],
    cwd=folder, capture_output=True, text=True,
)
assert run.returncode == 2, run
assert not run.stdout, run.stdout
count = len(json.loads(files["json"].read_text())["findings"])
assert count > 5, count


def errors_of(schema, value):
    validator = jsonschema.validators.validator_for(schema)(schema)
    return [error.message for error in validator.iter_errors(value)]


# SARIF: the official schema, and that it would have found a mistake.
schema = json.loads((modules / "@microsoft/sarif-multitool-linux/sarif-2.1.0.json").read_text())
log = json.loads(files["sarif"].read_text())
assert not (wrong := errors_of(schema, log)), wrong
results = log["runs"][0]["results"]
assert len(results) == count + 1, (len(results), count)
assert sum(bool(result["suppressions"]) for result in results) == 1
assert any(result.get("relatedLocations") for result in results)
log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] = "one"
assert errors_of(schema, log), "the schema finds nothing wrong with a wrong log"
for result in results:
    location = result["locations"][0]["physicalLocation"]
    from urllib.parse import unquote
    assert (folder / unquote(location["artifactLocation"]["uri"])).is_file(), location
print(f"sarif: {len(results)} results, as the official schema asks")

# JUnit: the schema of Jenkins's xUnit plugin, and a reader.
xml = lxml.etree.parse(files["junit"])
lxml.etree.XMLSchema(lxml.etree.parse(xsd)).assertValid(xml)
suites = junitparser.JUnitXml.fromfile(str(files["junit"]))
assert suites.tests == count + 1 and suites.errors == 1, (suites.tests, suites.errors)
assert suites.tests == sum(len(suite) for suite in suites)
print(f"junit: {suites.tests} cases, as the schema of Jenkins asks")

# Checkstyle: a reader that makes comments of pull requests of it.
script = """
const { parseCheckstyle } = require("danger-plugin-lint-report/dist/parse/checkstyle_parser.js");
const report = require("xml-js").xml2js(require("fs").readFileSync(process.argv[1], "utf8"));
console.log(JSON.stringify(parseCheckstyle(report, "/")));
"""
read = subprocess.run(["node", "-e", script, files["checkstyle"]], cwd=modules.parent, capture_output=True, text=True, check=True)
violations = json.loads(read.stdout)
assert len(violations) == count + 1, (len(violations), count)
assert {violation["severity"] for violation in violations} <= {"error", "warning", "info"}
print(f"checkstyle: {len(violations)} violations read")

# GitLab: the types of Code Climate's issues, and what GitLab itself asks beyond them.
issues = json.loads(files["gitlab"].read_text())
assert len(issues) == count + 1 == len({issue["fingerprint"] for issue in issues})
assert all(not issue["location"]["path"].startswith(("/", "./")) for issue in issues)
checked = modules.parent / "gitlab.ts"
checked.write_text("import type { Issue } from 'codeclimate-types'\nexport const issues: Issue[] = " + json.dumps(issues))
tsc = ["node", str(modules / "typescript/bin/tsc"), "--noEmit", "--strict", "--skipLibCheck", "--moduleResolution", "node", str(checked)]
said = subprocess.run(tsc, cwd=modules.parent, capture_output=True, text=True)
assert said.returncode == 0, said.stdout
issues[0]["severity"] = "dreadful"
checked.write_text("import type { Issue } from 'codeclimate-types'\nexport const issues: Issue[] = " + json.dumps(issues))
assert subprocess.run(tsc, cwd=modules.parent, capture_output=True).returncode != 0, "the types find nothing wrong"
print(f"gitlab: {len(issues)} issues, as Code Climate's types ask")

# rdjson: a validator of reviewdog's format.
validator = [str(modules / ".bin/rdformat-validator"), "--strict", "--no-extra-fields", str(files["rdjson"])]
said = subprocess.run(validator, capture_output=True, text=True)
assert said.returncode == 0, said.stdout + said.stderr
diagnostics = json.loads(files["rdjson"].read_text())["diagnostics"]
assert len(diagnostics) == count + 1
assert any(diagnostic.get("related_locations") for diagnostic in diagnostics)
broken = out / "broken.rdjson"
broken.write_text(files["rdjson"].read_text().replace('"message"', '"massage"'))
assert subprocess.run([*validator[:-1], str(broken)], capture_output=True).returncode != 0, "the validator finds nothing wrong"
print(f"rdjson: {len(diagnostics)} diagnostics, as reviewdog's format asks")
