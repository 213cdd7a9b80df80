import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { outlined } from "../src/moves";
import { tonelint } from "./tonelint";

test("moves stand over their sentences, and what is missing below", () => {
  const outline = outlined("draft.md", [
    {
      reply: null,
      complaint: true,
      sentences: [
        { start: { line: 1 }, text: "Hi Anna,", moves: ["greeting"] },
        { start: { line: 3 }, text: "I'm sorry\nthat we charged you twice.", moves: ["apology", "control"] },
        { start: { line: 4 }, text: "I'm sorry.", moves: ["apology", "control"] },
        { start: { line: 12 }, text: "It is late.", moves: [] },
      ],
      missing: ["refocus", "problem-solve"],
    },
    { reply: "macros[3]", complaint: false, sentences: [], missing: ["refocus"] },
  ]);
  const expected = `draft.md (answers a complaint)

greeting
    1  Hi Anna,
apology, control
    3  I'm sorry that we charged you twice.
    4  I'm sorry.
—
   12  It is late.

missing: refocus, problem-solve

draft.md, macros[3]
`;
  assert.equal(outline, expected);
  assert.equal(outlined("package.json", []), "No reply was found in this file.\n");
});

test("it is made of what tonelint outline prints", () => {
  const { stdout } = spawnSync(tonelint(), ["outline", "--format", "json", "test/draft.md"], { encoding: "utf8" });
  assert.match(outlined("draft.md", JSON.parse(stdout)), /^draft\.md[^\n]*\n\ngreeting\n {4}1 {2}Hi Anna,\n/);
});
