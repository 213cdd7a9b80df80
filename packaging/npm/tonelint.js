#!/usr/bin/env node
// Starts the binary of this platform and ends as it ends. TONELINT_BINARY names another.
"use strict";

const { spawnSync } = require("node:child_process");

function binary() {
  if (process.env.TONELINT_BINARY) return process.env.TONELINT_BINARY;
  const { platform, arch } = process;
  const file = platform === "win32" ? "tonelint.exe" : "tonelint";
  const base = `@tonelint/cli-${platform}-${arch}`;
  // Of the two C libraries of Linux the one that is there is installed.
  for (const name of platform === "linux" ? [base, `${base}-musl`] : [base]) {
    try {
      return require.resolve(`${name}/${file}`);
    } catch {
      // The next.
    }
  }
  console.error(
    `tonelint: there is no binary for ${platform} on ${arch}, or optional dependencies were left out when it was installed; ` +
      "TONELINT_BINARY may name one",
  );
  process.exit(2);
}

const result = spawnSync(binary(), process.argv.slice(2), { stdio: "inherit", windowsHide: true });
if (result.error) {
  console.error(`tonelint: ${result.error.message}`);
  process.exit(2);
}
if (result.signal) process.kill(process.pid, result.signal);
process.exit(result.status ?? 2);
