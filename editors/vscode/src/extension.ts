import * as vscode from "vscode";
import { chooseCustomer } from "./customers";
import { fixAll } from "./fix";
import { OutlineView } from "./outline";
import { SelectionCheck } from "./selection";
import { Server } from "./server";
import { Status } from "./status";

let running: Server | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const server = new Server(context);
  running = server;
  const outline = new OutlineView(server);
  const selection = new SelectionCheck(server);
  context.subscriptions.push(
    server,
    outline,
    selection,
    new Status(server),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("tonelint.path")) {
        void server.restart();
      }
    }),
    command("tonelint.checkSelection", (editor) => selection.check(editor)),
    command("tonelint.fixDocument", fixAll),
    command("tonelint.showOutline", (editor) => outline.show(editor.document.uri)),
    vscode.commands.registerCommand("tonelint.chooseCustomer", () => chooseCustomer(server)),
    vscode.commands.registerCommand("tonelint.restartServer", () => server.restart()),
  );
  await server.start();
}

export async function deactivate(): Promise<void> {
  await running?.stop();
  running = undefined;
}

/** A command on the active editor, whose failure is told to who gave it. */
function command(name: string, run: (editor: vscode.TextEditor) => Promise<void>): vscode.Disposable {
  return vscode.commands.registerCommand(name, async () => {
    const editor = vscode.window.activeTextEditor;
    if (editor === undefined) {
      void vscode.window.showInformationMessage("tonelint: open a draft first.");
      return;
    }
    try {
      await run(editor);
    } catch (error) {
      void vscode.window.showErrorMessage(`tonelint: ${error instanceof Error ? error.message : String(error)}`);
    }
  });
}
