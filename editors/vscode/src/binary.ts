import { execFile } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, isAbsolute, join } from "node:path";

/** What is asked about where the program may be. */
export interface Places {
  /** The setting `tonelint.path`. */
  readonly setting: string;
  /** The extension's own folder, which may carry a program in `bin/`. */
  readonly extension: string;
  /** The search path, as the environment has it. */
  readonly search: string;
  readonly windows: boolean;
}

/** Says for a person why there is no program to start. */
export class NoBinary extends Error {}

/**
 * The absolute path of the program to start: what the setting names, else the one that came with the extension, else
 * the first on the search path.
 *
 * The search is done here and in absolute folders only, because some systems look into the working folder first, and
 * that is a folder of the workspace.
 */
export function findBinary(places: Places): string {
  const name = places.windows ? "tonelint.exe" : "tonelint";
  const set = places.setting.trim();
  if (set !== "") {
    const path = set === "~" || set.startsWith("~/") ? join(homedir(), set.slice(1)) : set;
    if (!isAbsolute(path)) {
      throw new NoBinary(`The setting tonelint.path has to be an absolute path, and is "${set}".`);
    }
    if (!runs(path)) {
      throw new NoBinary(`The setting tonelint.path names "${path}", which is no program.`);
    }
    return path;
  }
  const folders = [join(places.extension, "bin"), ...places.search.split(delimiter).filter((one) => isAbsolute(one))];
  for (const folder of folders) {
    const path = join(folder, name);
    if (runs(path)) {
      return path;
    }
  }
  throw new NoBinary("The program tonelint was not found on the search path.");
}

/** Whether a program is a tonelint with a language server: says so for a person where it is not. */
export async function tryBinary(path: string): Promise<void> {
  const said = await new Promise<string>((done) => {
    execFile(path, ["lsp", "--help"], { timeout: 20_000 }, (_error, out) => done(out));
  });
  // Its help names the file that it reads.
  if (!said.includes("tonelint.yml")) {
    throw new NoBinary(`The program "${path}" is no tonelint that can serve editors; it may be too old.`);
  }
}

function runs(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
