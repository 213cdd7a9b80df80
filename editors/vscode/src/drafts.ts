import * as vscode from "vscode";

/** The languages whose documents may hold replies. */
const languages = ["markdown", "plaintext", "html", "yaml", "json", "jsonc", "csv", "tsv", "eml"];

/** Where drafts may lie. Not among them: the other side of a diff, panels, comment fields. */
const schemes = ["file", "untitled", "vscode-vfs"];

/** The documents that the server is told of. */
export const drafts = schemes.flatMap((scheme) => languages.map((language) => ({ scheme, language })));

export function isDraft(document: vscode.TextDocument): boolean {
  return vscode.languages.match(drafts, document) > 0;
}

/** What is underlined in a document by tonelint, also what a check of a selection found. */
export function findings(uri: vscode.Uri): vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(uri).filter((diagnostic) => diagnostic.source === "tonelint");
}

/** "2 findings", "1 finding", "no findings". */
export function counted(count: number, thing = "finding"): string {
  return `${count === 0 ? "no" : count} ${thing}${count === 1 ? "" : "s"}`;
}
