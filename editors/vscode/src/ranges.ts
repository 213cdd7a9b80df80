import * as vscode from "vscode";

/** A range inside a text, as a range of the document in which that text begins at `start`. */
export function move(range: vscode.Range, start: vscode.Position): vscode.Range {
  const at = ({ line, character }: vscode.Position) =>
    new vscode.Position(start.line + line, line === 0 ? start.character + character : character);
  return new vscode.Range(at(range.start), at(range.end));
}
