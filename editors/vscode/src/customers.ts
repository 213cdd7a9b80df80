import * as vscode from "vscode";
import type { Server } from "./server";
import { customers } from "./settings";

interface Choice extends vscode.QuickPickItem {
  readonly customer: string | undefined;
}

/** Asks for whom replies are read in this window. */
export async function chooseCustomer(server: Server): Promise<void> {
  const now = server.chosen;
  const mark = (kind: string | undefined) => (kind === now ? "$(check) " : "");
  const choices: Choice[] = [
    {
      label: `${mark(undefined)}As set`,
      detail: "what tonelint.yml, the settings or the reply itself say",
      customer: undefined,
    },
    ...customers.map(({ kind, who }) => ({ label: `${mark(kind)}${kind}`, detail: who, customer: kind })),
  ];
  const choice = await vscode.window.showQuickPick(choices, {
    title: "Who reads the replies that you write in this window?",
    matchOnDetail: true,
  });
  if (choice !== undefined) {
    await server.choose(choice.customer);
  }
}
