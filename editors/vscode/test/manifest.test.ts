import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { customers } from "../src/settings";
import { tonelint } from "./tonelint";

const manifest = JSON.parse(readFileSync("package.json", "utf8"));
const properties = manifest.contributes.configuration.properties;

test("the problem matcher reads what tonelint check --format compact prints", () => {
  const draft = "We are sorry you feel that way.\n\n📦 Kindly use it.\n\nPrior to that, nothing.\n";
  const options = [
    "check",
    "--isolated",
    "--select",
    "PA002,BU001,JG001",
    "--format",
    "compact",
    "--stdin-filename",
    "replies/a b: c.md",
    "-",
  ];
  const { stdout } = spawnSync(tonelint(), options, { input: draft, encoding: "utf8" });
  const { pattern } = manifest.contributes.problemMatchers[0];
  const matches = stdout.split("\n").map((line) => new RegExp(pattern.regexp).exec(line));
  const field = (name: string) => matches.filter((one) => one !== null).map((one) => one[pattern[name]]);
  assert.deepEqual(field("code"), ["PA002", "BU001", "JG001"]);
  assert.deepEqual(field("severity"), ["error", "warning", "info"]);
  assert.deepEqual(field("line"), ["1", "3", "5"]);
  assert.deepEqual(field("column"), ["1", "3", "1"]);
  assert.deepEqual([...new Set(field("file"))], ["replies/a b: c.md"]);
  assert.match(field("message")[1] ?? "", /^`Kindly use` reads as an order/);
});

test("a rule of one's own has a name for a code, and a path may begin with a drive", () => {
  const { pattern } = manifest.contributes.problemMatchers[0];
  const line = "C:\\replies\\refund.md:3:14: warning no-guys `Hey guys` leaves some customers out";
  const match = new RegExp(pattern.regexp).exec(line);
  assert.deepEqual(match?.slice(1, 6), ["C:\\replies\\refund.md", "3", "14", "warning", "no-guys"]);
});

test("the customers are those that tonelint knows", () => {
  const { stderr, status } = spawnSync(tonelint(), ["check", "--customer", "nobody", "-"], { encoding: "utf8" });
  assert.equal(status, 2);
  const known = /`nobody` is none of ([a-z, -]+)/.exec(stderr)?.[1]?.split(", ");
  const ours = customers.map(({ kind }) => kind);
  assert.deepEqual(ours, known);
  assert.deepEqual(properties["tonelint.customer"].enum, [null, ...ours]);
  for (const { kind } of customers) {
    assert.match(execFileSync(tonelint(), ["explain", kind], { encoding: "utf8" }), new RegExp(`^${kind}\n`));
  }
});

test("a workspace can not name the program that is started", () => {
  assert.equal(properties["tonelint.path"].scope, "machine");
  const restricted = manifest.capabilities.untrustedWorkspaces.restrictedConfigurations;
  assert.deepEqual(restricted, ["tonelint.configuration", "tonelint.rules"], "what names files");
});

test("the version is that of tonelint", () => {
  assert.equal(execFileSync(tonelint(), ["--version"], { encoding: "utf8" }).trim(), `tonelint ${manifest.version}`);
});
