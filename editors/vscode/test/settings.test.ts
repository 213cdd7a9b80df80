import assert from "node:assert/strict";
import { test } from "node:test";
import { serverSettings } from "../src/settings";

const read = (values: Record<string, unknown>) => (key: string) => values[key];

test("what is not set is not sent, so that tonelint.yml holds", () => {
  const defaults = { path: "", customer: null, select: [], ignore: [], inlayHints: false, configuration: "  " };
  assert.deepEqual(serverSettings(read(defaults), undefined), {});
});

test("what is set is sent, and the editor's own settings are not", () => {
  const settings = serverSettings(
    read({
      path: "/usr/bin/tonelint",
      "trace.server": "verbose",
      run: "onSave",
      channel: "chat",
      select: ["PA", "closing"],
      ignore: ["PA004"],
      rules: ["tone"],
      inlayHints: true,
    }),
    undefined,
  );
  const lists = { select: ["PA", "closing"], ignore: ["PA004"], rules: ["tone"] };
  const expected = { run: "onSave", channel: "chat", ...lists, inlayHints: true };
  assert.deepEqual(settings, expected);
});

test("the customer who was chosen for the window stands over the setting", () => {
  assert.equal(serverSettings(read({ customer: "meek" }), undefined).customer, "meek");
  assert.equal(serverSettings(read({ customer: "meek" }), "vip").customer, "vip");
});
