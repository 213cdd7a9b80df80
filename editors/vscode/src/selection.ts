import * as vscode from "vscode";
import type { Diagnostic } from "vscode-languageclient/node";
import { counted, findings, isDraft } from "./drafts";
import { move } from "./ranges";
import type { Server } from "./server";

/** What the server answers to `tonelint.checkText`. */
interface Checked {
  readonly diagnostics: Diagnostic[];
}

/** Checks a part of any document, also of one that holds no drafts otherwise: a comment, a note, a log. */
export class SelectionCheck implements vscode.Disposable {
  private readonly collection = vscode.languages.createDiagnosticCollection("tonelint: selection");
  private readonly parts: vscode.Disposable[];

  constructor(private readonly server: Server) {
    this.parts = [
      this.collection,
      // The underlines would not move with the text.
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0) {
          this.collection.delete(document.uri);
        }
      }),
      vscode.workspace.onDidCloseTextDocument((document) => this.collection.delete(document.uri)),
    ];
  }

  dispose(): void {
    for (const part of this.parts) {
      part.dispose();
    }
  }

  async check(editor: vscode.TextEditor): Promise<void> {
    const { document } = editor;
    const selected = editor.selections.filter((one) => !one.isEmpty);
    const whole = selected.length === 0;
    const { version } = document;
    const found: vscode.Diagnostic[] = [];
    const all = new vscode.Range(0, 0, document.lineCount, 0);
    for (const range of whole ? [document.validateRange(all)] : selected) {
      const as = { languageId: languageFor(document, whole), uri: this.server.address(document.uri) };
      const answer = await this.server.ask<Checked>("tonelint.checkText", document.getText(range), as);
      for (const diagnostic of await this.server.diagnostics(answer.diagnostics)) {
        diagnostic.source = "tonelint";
        diagnostic.range = move(diagnostic.range, range.start);
        found.push(diagnostic);
      }
    }
    if (document.version !== version) {
      void vscode.window.showInformationMessage("tonelint: the text changed meanwhile. Check it again.");
      return;
    }
    this.collection.delete(document.uri);
    const known = new Set(findings(document.uri).map(place));
    this.collection.set(
      document.uri,
      found.filter((one) => !known.has(place(one))),
    );
    const where = whole ? "in this document" : selected.length === 1 ? "in the selection" : "in the selections";
    await this.tell(editor, found, `tonelint: ${counted(found.length)} ${where}.`);
  }

  private async tell(editor: vscode.TextEditor, found: vscode.Diagnostic[], message: string): Promise<void> {
    const first = found[0];
    if (first === undefined) {
      void vscode.window.showInformationMessage(message);
      return;
    }
    const show = "Show Problems";
    editor.revealRange(first.range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
    void vscode.window.showInformationMessage(message, show).then((choice) => {
      if (choice === show) {
        void vscode.commands.executeCommand("workbench.actions.view.problems");
      }
    });
  }
}

/** A part of a JSON file is no JSON file: it is read as the prose that someone selected. */
function languageFor(document: vscode.TextDocument, whole: boolean): string {
  if (whole && isDraft(document)) {
    return document.languageId;
  }
  return ["markdown", "html"].includes(document.languageId) ? document.languageId : "plaintext";
}

function place(diagnostic: vscode.Diagnostic): string {
  const { start, end } = diagnostic.range;
  const code = typeof diagnostic.code === "object" ? diagnostic.code.value : diagnostic.code;
  return [code, start.line, start.character, end.line, end.character].join(" ");
}
