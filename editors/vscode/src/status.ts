import * as vscode from "vscode";
import { counted, findings, isDraft } from "./drafts";
import type { Server } from "./server";

/** The status bar's item: how many findings the active draft has, and for whom it is read. */
export class Status implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem("tonelint.status", vscode.StatusBarAlignment.Right, 90);
  private readonly parts: vscode.Disposable[];

  constructor(private readonly server: Server) {
    this.item.name = "tonelint";
    const show = () => this.show();
    this.parts = [
      this.item,
      vscode.window.onDidChangeActiveTextEditor(show),
      vscode.languages.onDidChangeDiagnostics(show),
      vscode.workspace.onDidChangeConfiguration(show),
      server.onDidChange(show),
    ];
    this.show();
  }

  dispose(): void {
    for (const part of this.parts) {
      part.dispose();
    }
  }

  private show(): void {
    const document = vscode.window.activeTextEditor?.document;
    if (document === undefined || (!isDraft(document) && findings(document.uri).length === 0)) {
      this.item.hide();
      return;
    }
    const { problem, customer } = this.server;
    if (problem !== undefined) {
      this.item.text = "$(warning) tonelint";
      this.item.tooltip = `${problem} Click to start it again.`;
      this.item.backgroundColor = new vscode.ThemeColor("statusBarItem.warningBackground");
      this.item.command = "tonelint.restartServer";
      this.item.accessibilityInformation = { label: `tonelint: ${problem}` };
    } else {
      const found = findings(document.uri);
      const next = found.length > 0 ? "Click for the list." : "Click for the outline of the reply.";
      this.item.text = label(found.length, customer);
      this.item.tooltip = `tonelint: ${described(found)}${customer === undefined ? "" : `, for ${customer}`}. ${next}`;
      this.item.backgroundColor = undefined;
      this.item.command = found.length > 0 ? "workbench.actions.view.problems" : "tonelint.showOutline";
      this.item.accessibilityInformation = { label: `tonelint: ${described(found)}` };
    }
    this.item.show();
  }
}

function label(count: number, customer: string | undefined): string {
  const icon = count === 0 ? "$(pass)" : "$(comment-unresolved)";
  const said = count === 0 ? "tonelint" : `tonelint ${count}`;
  return customer === undefined ? `${icon} ${said}` : `${icon} ${said} · ${customer}`;
}

/** "3 findings (1 error, 2 warnings)". */
function described(found: readonly vscode.Diagnostic[]): string {
  const of = (severity: vscode.DiagnosticSeverity) => found.filter((one) => one.severity === severity).length;
  const errors = of(vscode.DiagnosticSeverity.Error);
  const warnings = of(vscode.DiagnosticSeverity.Warning);
  const parts = [
    ...(errors > 0 ? [counted(errors, "error")] : []),
    ...(warnings > 0 ? [counted(warnings, "warning")] : []),
  ];
  return parts.length === 0 ? counted(found.length) : `${counted(found.length)} (${parts.join(", ")})`;
}
