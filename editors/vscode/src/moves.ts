/** What `tonelint outline --format json` prints for one reply, as far as it is shown. */
export interface Reply {
  /** Where in a file of many replies it stands; null where the file is one reply. */
  readonly reply: string | null;
  readonly complaint: boolean;
  readonly sentences: readonly {
    readonly start: { readonly line: number };
    readonly text: string;
    readonly moves: readonly string[];
  }[];
  readonly missing: readonly string[];
}

/**
 * The outline for a narrow pane beside the draft: each move stands over its sentences, for a margin would leave no room
 * for them.
 */
export function outlined(file: string, replies: readonly Reply[]): string {
  const lines: string[] = [];
  for (const { reply, complaint, sentences, missing } of replies) {
    lines.push(`${reply === null ? file : `${file}, ${reply}`}${complaint ? " (answers a complaint)" : ""}`, "");
    let last: string | undefined;
    for (const { start, text, moves } of sentences) {
      const heading = moves.length === 0 ? "—" : moves.join(", ");
      if (heading !== last) {
        lines.push(heading);
      }
      last = heading;
      lines.push(`${String(start.line).padStart(5)}  ${text.replace(/\s+/g, " ")}`);
    }
    if (complaint && missing.length > 0) {
      lines.push("", `missing: ${missing.join(", ")}`);
    }
    lines.push("");
  }
  return lines.length === 0 ? "No reply was found in this file.\n" : `${lines.join("\n").trimEnd()}\n`;
}
