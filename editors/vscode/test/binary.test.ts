import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { delimiter, join, relative } from "node:path";
import { after, test } from "node:test";
import { findBinary, NoBinary, type Places } from "../src/binary";

const root = mkdtempSync(join(tmpdir(), "tonelint-"));
after(() => rmSync(root, { recursive: true }));

function program(folder: string, mode = 0o755): string {
  mkdirSync(join(root, folder), { recursive: true });
  const path = join(root, folder, "tonelint");
  writeFileSync(path, "");
  chmodSync(path, mode);
  return path;
}

const onPath = program("path");
const carried = program("extension/bin");
const plain = program("plain", 0o644);
const nothing: Places = { setting: "", extension: join(root, "none"), search: "", windows: false };

test("the setting comes first, then the extension's own program, then the search path", () => {
  const search = [join(root, "plain"), join(root, "path")].join(delimiter);
  const all = { ...nothing, extension: join(root, "extension"), search };
  assert.equal(findBinary({ ...all, setting: onPath }), onPath);
  assert.equal(findBinary(all), carried);
  assert.equal(findBinary({ ...all, extension: join(root, "none") }), onPath, "what does not run is passed over");
});

test("a tilde is the home folder", () => {
  const setting = `~/${relative(homedir(), onPath)}`;
  assert.equal(findBinary({ ...nothing, setting }), onPath);
});

test("a program of the workspace is never started", () => {
  const before = process.cwd();
  process.chdir(join(root, "path"));
  try {
    const search = ["", ".", "../path"].join(delimiter);
    assert.throws(() => findBinary({ ...nothing, search }), NoBinary);
    assert.throws(() => findBinary({ ...nothing, setting: "./tonelint" }), /has to be an absolute path, and is/);
  } finally {
    process.chdir(before);
  }
});

test("what is named and is no program is said, not replaced", () => {
  const all = { ...nothing, search: join(root, "path") };
  assert.throws(() => findBinary({ ...all, setting: plain }), { message: /names ".*plain.*", which is no program/ });
  assert.throws(() => findBinary({ ...all, setting: root }), NoBinary, "a folder");
});
