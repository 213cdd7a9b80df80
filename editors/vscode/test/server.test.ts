// The extension as a whole, from `activate` on, with the real server behind it and a stand-in for the editor before it.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import type * as api from "vscode";
import { activate, deactivate } from "../src/extension";
import { tonelint } from "./tonelint";
import * as editor from "./vscode";

const folder = mkdtempSync(join(tmpdir(), "tonelint "));
const { seen } = editor;
const kept = new Map<string, unknown>();
const context = {
  subscriptions: [] as { dispose(): void }[],
  extensionPath: folder,
  workspaceState: {
    get: (key: string) => kept.get(key),
    update: async (key: string, value: unknown) => void kept.set(key, value),
  },
};

const text = "Hi Anna,\n\n📦 We are sorry you feel that way. Kindly use it prior to Friday.\n\nTim\n";

async function until(what: string, holds: () => boolean): Promise<void> {
  const end = Date.now() + 20_000;
  while (!holds()) {
    if (Date.now() > end) {
      assert.fail(`waited in vain for ${what}; messages: ${seen.messages.join(" | ")}; log: ${seen.log.join("\n")}`);
    }
    await new Promise((done) => setTimeout(done, 10));
  }
}

function uri(name: string): string {
  return pathToFileURL(join(folder, name)).toString();
}

/** The codes and words that are underlined. */
function underlined(document: editor.TextDocument): string[] {
  return editor.languages.getDiagnostics(document.uri as never).map((one) => {
    const code = typeof one.code === "object" ? one.code.value : one.code;
    return `${one.source} ${code} ${document.getText(one.range)}`;
  });
}

const first = ["tonelint PA002 We are sorry you feel that way", "tonelint BU001 Kindly use", "tonelint JG001 prior to"];

function status() {
  const item = editor.statusItems.at(-1);
  assert.ok(item);
  return item;
}

const run = (name: string) => editor.commands.executeCommand(name);
const draft = editor.openDocument(uri("größe 1.md"), "markdown", text);

before(async () => {
  mkdirSync(join(folder, "bin"));
  editor.workspace.workspaceFolders = [{ uri: editor.Uri.file(folder), name: "replies", index: 0 }];
  editor.set("tonelint.path", tonelint());
  editor.set("tonelint.trace.server", "off");
  editor.edit(draft);
  await activate(context as unknown as api.ExtensionContext);
});

after(async () => {
  await deactivate();
  rmSync(folder, { recursive: true });
});

test("an open draft is underlined, and the status bar counts", async () => {
  await until("diagnostics", () => underlined(draft).length > 0);
  assert.deepEqual(underlined(draft), first);
  assert.deepEqual(seen.messages, [], "the server knows every setting that it gets");
  assert.ok(status().visible);
  assert.equal(status().text, "$(comment-unresolved) tonelint 3");
  assert.equal(status().tooltip, "tonelint: 3 findings (1 error, 1 warning). Click for the list.");
  assert.equal(status().command, "workbench.actions.view.problems");
});

test("every command of the manifest is there", () => {
  const { contributes } = JSON.parse(readFileSync("package.json", "utf8"));
  const names: string[] = contributes.commands.map(({ command }: { command: string }) => command);
  assert.deepEqual(
    names.filter((name) => !editor.commandNames().includes(name)),
    [],
  );
});

test("a rewrite is offered and taken", async () => {
  const found = editor.languages.getDiagnostics(draft.uri as never).find((one) => one.severity === 1);
  const actions = (await editor.commands.executeCommand(
    "vscode.executeCodeActionProvider",
    draft.uri,
    found?.range,
  )) as editor.CodeAction[];
  const write = actions.find(({ title }) => title === "Write: Please use");
  assert.ok(write?.edit, actions.map(({ title }) => title).join(", "));
  assert.ok(await editor.workspace.applyEdit(write.edit));
  assert.match(draft.getText(), /way\. Please use it prior to Friday\./);
  await until("the finding to go", () => underlined(draft).length === 2);
});

test("fix all writes what is safe, and says when there is nothing", async () => {
  await run("tonelint.fixDocument");
  assert.match(draft.getText(), /way\. Please use it before Friday\./);
  await until("the finding to go", () => underlined(draft).length === 1);
  seen.messages.length = 0;
  await run("tonelint.fixDocument");
  assert.deepEqual(seen.messages, ["tonelint: there is nothing that is surely right to change."]);
});

test("a selection is checked in any document, and forgotten when the text changes", async () => {
  const source = "fn main() {\n    // 📦 nothing\n    // then it says We are sorry you feel that way.\n}\n";
  const code = editor.openDocument(uri("main.rs"), "rust", source);
  const active = editor.edit(code);
  assert.ok(!status().visible, "nothing to count in a program");
  active["selections"] = [new editor.Selection(2, 20, 2, 51)];
  seen.messages.length = 0;
  await run("tonelint.checkSelection");
  assert.deepEqual(underlined(code), ["tonelint PA002 We are sorry you feel that way"]);
  assert.deepEqual(seen.messages, ["tonelint: 1 finding in the selection."]);
  assert.equal(status().text, "$(comment-unresolved) tonelint 1");
  editor.change(code, new editor.Range(0, 0, 0, 0), "// one more\n");
  assert.deepEqual(underlined(code), []);

  active["selections"] = [new editor.Selection(0, 0, 0, 0)];
  seen.messages.length = 0;
  await run("tonelint.checkSelection");
  assert.match(seen.messages[0] ?? "", /^tonelint: [1-9] findings? in this document\.$/);
  assert.ok(underlined(code).includes("tonelint PA002 We are sorry you feel that way"));
  editor.close(code);
});

test("what the server has underlined is not underlined twice by a check of a selection", async () => {
  const active = editor.edit(draft);
  active["selections"] = [new editor.Selection(2, 0, 2, 34)];
  const before = underlined(draft);
  assert.equal(before.length, 1);
  seen.messages.length = 0;
  await run("tonelint.checkSelection");
  assert.deepEqual(underlined(draft), before);
  assert.deepEqual(seen.messages, ["tonelint: 1 finding in the selection."]);
});

test("the outline is shown beside the draft", async () => {
  editor.edit(draft);
  seen.shown.length = 0;
  await run("tonelint.showOutline");
  const [outline] = seen.shown;
  assert.match(outline?.text ?? "", /^größe 1\.md \(answers a complaint\)\n\ngreeting\n {4}1 {2}Hi Anna,\n/);
  assert.deepEqual(outline?.options, { viewColumn: -2, preserveFocus: true, preview: true });
});

test("the customer who is chosen holds for the window, until none is", async () => {
  const vip = editor.openDocument("untitled:Untitled-1", "plaintext", "It is late because of high demand.\n");
  editor.edit(vip);
  seen.pick = "vip";
  await run("tonelint.chooseCustomer");
  await until("what only holds for a vip", () => underlined(vip).some((one) => one.startsWith("tonelint CT001")));
  assert.match(status().text, /^\$\(comment-unresolved\) tonelint \d · vip$/);
  assert.equal(kept.get("customer"), "vip");
  seen.pick = "As set";
  await run("tonelint.chooseCustomer");
  assert.ok(seen.picks.some(({ label }) => label === "$(check) vip"));
  await until("the vip to go", () => !underlined(vip).some((one) => one.startsWith("tonelint CT001")));
  assert.doesNotMatch(status().text, /vip/);
  editor.close(vip);
  await until("no underlines in a closed draft", () => underlined(vip).length === 0);
});

test("settings hold at once", async () => {
  editor.edit(draft);
  seen.messages.length = 0;
  editor.set("tonelint.ignore", ["PA002"]);
  await until("an ignored rule to be silent", () => underlined(draft).length === 0);
  assert.equal(status().text, "$(pass) tonelint");
  assert.equal(status().command, "tonelint.showOutline");
  editor.set("tonelint.ignore", []);
  await until("it to speak again", () => underlined(draft).length === 1);
  assert.deepEqual(seen.messages, []);
});

test("a draft is checked when it is saved, and not before, where that is set", async () => {
  editor.edit(draft);
  editor.set("tonelint.run", "onSave");
  const before = underlined(draft);
  editor.change(draft, new editor.Range(0, 0, 0, 0), "Kindly use it.\n");
  // The server has read the new text by the time that it gives its outline.
  seen.shown.length = 0;
  await run("tonelint.showOutline");
  assert.match(seen.shown[0]?.text ?? "", /Kindly use it\./);
  assert.deepEqual(underlined(draft).length, before.length);
  editor.save(draft);
  await until("diagnostics", () => underlined(draft).includes("tonelint BU001 Kindly use"));
  editor.set("tonelint.run", "onType");
  editor.change(draft, new editor.Range(0, 0, 1, 0), "");
  await until("diagnostics", () => underlined(draft).length === 1);
});

test("the server starts again", async () => {
  await Promise.all([run("tonelint.restartServer"), run("tonelint.restartServer")]);
  await until("diagnostics", () => underlined(draft).length === 1);
  assert.deepEqual(seen.messages, []);
});

test("a server that is gone all of a sudden is started again", { skip: process.platform !== "linux" }, async () => {
  const children = () => readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, "utf8").trim().split(" ");
  const [server = ""] = children();
  assert.ok(readFileSync(`/proc/${server}/cmdline`, "utf8").endsWith("\0lsp\0"));
  process.kill(Number(server), "SIGKILL");
  await until("no underlines", () => underlined(draft).length === 0);
  await until("another server", () => !children().includes(server) && children()[0] !== "");
  await until("diagnostics", () => underlined(draft).length === 1);
  assert.equal(status().text, "$(comment-unresolved) tonelint 1");
  assert.deepEqual(seen.messages, []);
});

test("without a program a person is told once, and commands say why", async () => {
  editor.set("tonelint.path", join(folder, "gone"));
  await until("a message", () => seen.messages.length > 0);
  assert.equal(seen.messages.length, 1);
  assert.match(seen.messages[0] ?? "", /gone", which is no program\. Drafts are not checked\. Install tonelint/);
  await until("no underlines", () => underlined(draft).length === 0);
  assert.equal(status().text, "$(warning) tonelint");
  assert.equal(status().command, "tonelint.restartServer");
  seen.messages.length = 0;
  await run("tonelint.checkSelection");
  assert.match(seen.messages[0] ?? "", /^tonelint: The setting tonelint\.path names/);
  editor.set("tonelint.path", tonelint());
  await until("diagnostics", () => underlined(draft).length === 1);
  assert.equal(status().text, "$(comment-unresolved) tonelint 1");
});

test("a program that is no server is told of, too", async () => {
  seen.messages.length = 0;
  editor.set("tonelint.path", process.execPath);
  await until("the status", () => status().text === "$(warning) tonelint");
  assert.equal(seen.messages.length, 1);
  assert.match(seen.messages[0] ?? "", /is no tonelint that can serve editors; it may be too old\. Drafts are not/);
  editor.set("tonelint.path", tonelint());
  await until("diagnostics", () => underlined(draft).length === 1);
});

test("a server that ends while it starts is told of once", async () => {
  const path = join(folder, "bin", "tonelint");
  writeFileSync(path, '#!/bin/sh\n[ "$2" = --help ] && echo tonelint.yml || exit 3\n', { mode: 0o755 });
  seen.messages.length = 0;
  editor.set("tonelint.path", path);
  await until("the status", () => status().text === "$(warning) tonelint");
  await until("a message", () => seen.messages.some((one) => one.includes('lsp" did not start. Drafts are not')));
  assert.deepEqual(seen.messages.length, 1, seen.messages.join("\n"));
  editor.set("tonelint.path", tonelint());
  await until("diagnostics", () => underlined(draft).length === 1);
});
