import * as vscode from "vscode";
import { outlined, type Reply } from "./moves";
import type { Server } from "./server";

const scheme = "tonelint-outline";

/** What the server answers to `tonelint.outline`. */
interface Outline {
  readonly outline: readonly Reply[];
}

/** Shows what each sentence of a reply does, in a document that nobody can write into, and keeps it up to date. */
export class OutlineView implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  private readonly parts: vscode.Disposable[];

  readonly onDidChange = this.changed.event;

  constructor(private readonly server: Server) {
    this.parts = [
      this.changed,
      vscode.workspace.registerTextDocumentContentProvider(scheme, this),
      // New diagnostics come when the server has read new text.
      vscode.languages.onDidChangeDiagnostics(({ uris }) => {
        const shown = new Set(vscode.workspace.textDocuments.map((one) => one.uri.toString()));
        for (const uri of uris) {
          const outline = outlineOf(uri);
          if (shown.has(outline.toString())) {
            this.changed.fire(outline);
          }
        }
      }),
    ];
  }

  dispose(): void {
    for (const part of this.parts) {
      part.dispose();
    }
  }

  async show(draft: vscode.Uri): Promise<void> {
    const uri = outlineOf(draft);
    this.changed.fire(uri);
    const document = await vscode.workspace.openTextDocument(uri);
    const options = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true, preview: true };
    await vscode.window.showTextDocument(document, options);
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const draft = vscode.Uri.parse(uri.query, true);
    try {
      const { outline } = await this.server.ask<Outline>("tonelint.outline", this.server.address(draft));
      return outlined(nameOf(draft), outline);
    } catch (error) {
      return `There is no outline.\n${error instanceof Error ? error.message : String(error)}\n`;
    }
  }
}

function outlineOf(draft: vscode.Uri): vscode.Uri {
  // A name that ends with no format: lines of an outline are not to be broken as those of Markdown are.
  return vscode.Uri.from({ scheme, path: `/${nameOf(draft)} (outline)`, query: draft.toString() });
}

function nameOf(draft: vscode.Uri): string {
  return draft.path.split("/").pop() ?? "";
}
