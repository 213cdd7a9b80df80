#!/usr/bin/env node
// Makes the npm packages: `tonelint`, a small script, and a package with the binary for each platform,
// of which npm installs the one that fits. No package runs anything when it is installed.
//
//   node packaging/npm/build.mjs OUT TARGET=BINARY…
//
// TARGET is a key of PLATFORMS below. The main package names every platform that is built.

import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const PLATFORMS = {
  "linux-x64": { os: "linux", cpu: "x64", libc: "glibc" },
  "linux-x64-musl": { os: "linux", cpu: "x64", libc: "musl" },
  "linux-arm64": { os: "linux", cpu: "arm64", libc: "glibc" },
  "linux-arm64-musl": { os: "linux", cpu: "arm64", libc: "musl" },
  "darwin-x64": { os: "darwin", cpu: "x64" },
  "darwin-arm64": { os: "darwin", cpu: "arm64" },
  "win32-x64": { os: "win32", cpu: "x64" },
};

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..", "..");
const [out, ...given] = process.argv.slice(2);
if (!out || given.length === 0) {
  console.error("usage: build.mjs OUT TARGET=BINARY…");
  process.exit(2);
}

const manifest = readFileSync(join(root, "Cargo.toml"), "utf8");
const field = (name) => new RegExp(`^${name} = "(.*)"$`, "m").exec(manifest)[1];
const common = {
  version: field("version"),
  description: field("description"),
  license: field("license"),
  repository: { type: "git", url: `git+${field("repository")}.git` },
};

const optionalDependencies = {};
for (const one of given) {
  const [target, binary] = [one.slice(0, one.indexOf("=")), one.slice(one.indexOf("=") + 1)];
  const platform = PLATFORMS[target];
  if (!platform) {
    console.error(`no such target: ${target}; there are ${Object.keys(PLATFORMS).join(", ")}`);
    process.exit(2);
  }
  const name = `@tonelint/cli-${target}`;
  const folder = join(out, `cli-${target}`);
  const file = platform.os === "win32" ? "tonelint.exe" : "tonelint";
  mkdirSync(folder, { recursive: true });
  copyFileSync(binary, join(folder, file));
  chmodSync(join(folder, file), 0o755);
  copyFileSync(join(root, "LICENSE"), join(folder, "LICENSE"));
  const { os, cpu, libc } = platform;
  const limits = { os: [os], cpu: [cpu], ...(libc && { libc: [libc] }) };
  write(folder, { name, ...common, ...limits, files: [file], preferUnplugged: true });
  optionalDependencies[name] = common.version;
}

const folder = join(out, "tonelint");
mkdirSync(join(folder, "bin"), { recursive: true });
copyFileSync(join(here, "tonelint.js"), join(folder, "bin", "tonelint.js"));
chmodSync(join(folder, "bin", "tonelint.js"), 0o755);
for (const file of ["LICENSE", "README.md"]) copyFileSync(join(root, file), join(folder, file));
write(folder, {
  name: "tonelint",
  ...common,
  keywords: ["linter", "customer-support", "tone", "writing", "prose"],
  bin: { tonelint: "bin/tonelint.js" },
  files: ["bin"],
  engines: { node: ">=16" },
  optionalDependencies,
});

function write(folder, value) {
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(value, null, 2)}\n`);
}
