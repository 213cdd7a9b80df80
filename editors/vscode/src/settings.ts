/** The settings that the server knows, as docs/lsp.md lists them. What is not set is left out. */
export interface ServerSettings {
  configuration?: string;
  rules?: string[];
  select?: string[];
  ignore?: string[];
  customer?: string;
  language?: string;
  channel?: string;
  inlayHints?: boolean;
  run?: string;
}

/** How the editor gives one setting of the section `tonelint`. */
export type Read = (key: string) => unknown;

/**
 * The server's part of the editor's settings. `customer` is what was chosen for this window, over the setting;
 * undefined when nothing was.
 */
export function serverSettings(read: Read, customer: string | undefined): ServerSettings {
  const settings: ServerSettings = {};
  for (const key of ["configuration", "customer", "language", "channel", "run"] as const) {
    const value = read(key);
    if (typeof value === "string" && value.trim() !== "") {
      settings[key] = value.trim();
    }
  }
  for (const key of ["rules", "select", "ignore"] as const) {
    const value = read(key);
    const codes = Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];
    if (codes.length > 0) {
      settings[key] = codes;
    }
  }
  if (read("inlayHints") === true) {
    settings.inlayHints = true;
  }
  if (customer !== undefined) {
    settings.customer = customer;
  }
  return settings;
}

/** The kinds of customers that tonelint knows, and what each is like. */
export const customers: readonly { readonly kind: string; readonly who: string }[] = [
  { kind: "regular", who: "anyone of whom nothing else is known" },
  { kind: "meek", who: "does not like to complain, says that it is fine, and leaves" },
  { kind: "aggressive", who: "loud, often with a good reason under the noise" },
  { kind: "vip", who: "pays well, expects more, and has no time" },
  { kind: "complainer", who: "writes often and about much, and may be right each time" },
  { kind: "never-satisfied", who: "wants what was never due; facts, and options with limits" },
  { kind: "leaving", who: "has decided to go; an easy end leaves the door open" },
];
