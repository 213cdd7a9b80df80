import { delimiter, resolve } from "node:path";
import { findBinary } from "../src/binary";

/** The program that the tests run: TONELINT names it, or it is on the search path. */
export function tonelint(): string {
  const set = process.env["TONELINT"];
  return findBinary({
    setting: set === undefined ? "" : resolve(set),
    extension: "",
    search: (process.env["PATH"] ?? "")
      .split(delimiter)
      .map((one) => resolve(one))
      .join(delimiter),
    windows: process.platform === "win32",
  });
}
