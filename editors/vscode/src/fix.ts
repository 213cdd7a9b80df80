import * as vscode from "vscode";
import { isDraft } from "./drafts";

const kind = vscode.CodeActionKind.SourceFixAll.append("tonelint");

/** Writes the rewrites that surely keep the meaning into a draft. */
export async function fixAll(editor: vscode.TextEditor): Promise<void> {
  const { document } = editor;
  if (!isDraft(document)) {
    void vscode.window.showInformationMessage("tonelint: this kind of document is not checked. Select a part of it.");
    return;
  }
  const { version } = document;
  const all = document.validateRange(new vscode.Range(0, 0, document.lineCount, 0));
  const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
    "vscode.executeCodeActionProvider",
    document.uri,
    all,
    kind.value,
    1,
  );
  const edit = actions.find((action) => action.kind !== undefined && kind.contains(action.kind))?.edit;
  if (edit === undefined || edit.size === 0) {
    void vscode.window.showInformationMessage("tonelint: there is nothing that is surely right to change.");
  } else if (document.version !== version) {
    void vscode.window.showInformationMessage("tonelint: the text changed meanwhile. Nothing was written.");
  } else if (!(await vscode.workspace.applyEdit(edit))) {
    throw new Error("The editor did not take the changes.");
  }
}
