// Bundles the extension into dist/extension.js, with the licences of what is in it beside it, or, with --tests, the
// tests into out/, where `vscode` is the stand-in of test/vscode.ts.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

const common = { bundle: true, platform: "node", target: "node20", format: "cjs", logLevel: "warning" };

if (process.argv.includes("--tests")) {
  const names = readdirSync("test").filter((name) => name.endsWith(".test.ts"));
  await build({
    ...common,
    entryPoints: names.map((name) => `test/${name}`),
    outdir: "out",
    outExtension: { ".js": ".cjs" },
    alias: { vscode: "./test/vscode.ts" },
    sourcemap: "inline",
  });
} else {
  const { metafile } = await build({
    ...common,
    entryPoints: ["src/extension.ts"],
    outfile: "dist/extension.js",
    external: ["vscode"],
    minify: process.argv.includes("--minify"),
    metafile: true,
  });
  writeFileSync("dist/licences.txt", licences(Object.keys(metafile.inputs)));
}

/** The licences of the packages that these files are from. */
function licences(files) {
  const folders = files.map((file) => /^.*node_modules\/(@[^/]+\/)?[^/]+/.exec(file)?.[0]).filter(Boolean);
  return [...new Set(folders)]
    .sort()
    .map((folder) => {
      const { name, version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
      const licence = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
      if (licence === undefined) {
        throw new Error(`${folder} has no licence`);
      }
      return `${name} ${version}\n\n${readFileSync(join(folder, licence), "utf8").trim()}\n`;
    })
    .join("\n---\n\n");
}
