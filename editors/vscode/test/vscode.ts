// A stand-in for VS Code, as small as the extension and its language client allow. It keeps documents and underlines,
// runs commands, and remembers what a person would have seen. It takes the place of the module `vscode` in tests.
import { TextDocument as Text } from "vscode-languageserver-textdocument";
import { URI } from "vscode-uri";

export const version = "1.91.0";
export const env = { language: "en", appName: "stand-in", openExternal: async () => true };
export { URI as Uri };

export class Disposable {
  constructor(private readonly end: () => void) {}
  static from(...parts: { dispose(): void }[]): Disposable {
    return new Disposable(() => {
      for (const part of parts) part.dispose();
    });
  }
  dispose(): void {
    this.end();
  }
}

type Listener<T> = (event: T) => unknown;

export class EventEmitter<T> {
  private readonly listeners = new Set<Listener<T>>();
  readonly event = (listener: Listener<T>, self?: unknown, parts?: Disposable[]): Disposable => {
    const bound: Listener<T> = (event) => listener.call(self, event);
    this.listeners.add(bound);
    const part = new Disposable(() => this.listeners.delete(bound));
    parts?.push(part);
    return part;
  };
  fire(event: T): void {
    for (const listener of [...this.listeners]) listener(event);
  }
  dispose(): void {
    this.listeners.clear();
  }
}

export class CancellationError extends Error {}
export class CancellationTokenSource {
  readonly token = { isCancellationRequested: false, onCancellationRequested: new EventEmitter<void>().event };
  cancel(): void {
    this.token.isCancellationRequested = true;
  }
  dispose(): void {}
}

export class Position {
  constructor(
    readonly line: number,
    readonly character: number,
  ) {}
}

export class Range {
  readonly start: Position;
  readonly end: Position;
  constructor(a: number | Position, b: number | Position, c?: number, d?: number) {
    this.start = typeof a === "number" ? new Position(a, b as number) : a;
    this.end = typeof a === "number" ? new Position(c ?? 0, d ?? 0) : (b as Position);
  }
  get isEmpty(): boolean {
    return this.start.line === this.end.line && this.start.character === this.end.character;
  }
}

export class Selection extends Range {}
export class Location {
  constructor(
    readonly uri: URI,
    readonly range: Range,
  ) {}
}

export class Diagnostic {
  source?: string;
  code?: string | number | { value: string | number; target: URI };
  relatedInformation?: DiagnosticRelatedInformation[];
  tags?: number[];
  constructor(
    public range: Range,
    public message: string,
    public severity: number = 0,
  ) {}
}
export class DiagnosticRelatedInformation {
  constructor(
    readonly location: Location,
    readonly message: string,
  ) {}
}

export class TextEdit {
  constructor(
    readonly range: Range,
    readonly newText: string,
  ) {}
  static replace(range: Range, text: string): TextEdit {
    return new TextEdit(range, text);
  }
  static insert(at: Position, text: string): TextEdit {
    return new TextEdit(new Range(at, at), text);
  }
  static delete(range: Range): TextEdit {
    return new TextEdit(range, "");
  }
}

export class WorkspaceEdit {
  private readonly edits = new Map<string, TextEdit[]>();
  get size(): number {
    return this.edits.size;
  }
  set(uri: URI, edits: (TextEdit | [TextEdit, unknown])[]): void {
    this.edits.set(
      uri.toString(),
      edits.map((one) => (Array.isArray(one) ? one[0] : one)),
    );
  }
  entries(): [URI, TextEdit[]][] {
    return [...this.edits].map(([uri, edits]) => [URI.parse(uri), edits]);
  }
}

export class CodeActionKind {
  static readonly Empty = new CodeActionKind("");
  static readonly QuickFix = new CodeActionKind("quickfix");
  static readonly Refactor = new CodeActionKind("refactor");
  static readonly RefactorExtract = new CodeActionKind("refactor.extract");
  static readonly RefactorInline = new CodeActionKind("refactor.inline");
  static readonly RefactorRewrite = new CodeActionKind("refactor.rewrite");
  static readonly Source = new CodeActionKind("source");
  static readonly SourceOrganizeImports = new CodeActionKind("source.organizeImports");
  static readonly SourceFixAll = new CodeActionKind("source.fixAll");
  constructor(readonly value: string) {}
  append(part: string): CodeActionKind {
    return new CodeActionKind(this.value === "" ? part : `${this.value}.${part}`);
  }
  contains(other: CodeActionKind): boolean {
    return this.value === "" || other.value === this.value || other.value.startsWith(`${this.value}.`);
  }
}

export class CodeAction {
  edit?: WorkspaceEdit;
  command?: unknown;
  constructor(
    readonly title: string,
    public kind?: CodeActionKind,
  ) {}
}

export class MarkdownString {
  isTrusted = false;
  supportHtml = false;
  baseUri?: URI;
  constructor(public value = "") {}
  appendCodeblock(text: string): this {
    this.value += text;
    return this;
  }
}
export class Hover {
  constructor(
    readonly contents: MarkdownString[],
    readonly range?: Range,
  ) {}
}
export class ThemeColor {
  constructor(readonly id: string) {}
}
export class RelativePattern {
  constructor(
    readonly base: unknown,
    readonly pattern: string,
  ) {}
}

// What the language client names when it is loaded, or extends.
export class SymbolInformation {}
export class DocumentSymbol {}
export class DocumentLink {}
export class InlayHint {}
export class CallHierarchyItem {}
export class CodeLens {}
export class CompletionItem {}
export class CompletionList {}
export class TypeHierarchyItem {}
export class TabInputText {
  constructor(readonly uri: URI) {}
}
export class TabInputTextDiff {}
export class TabInputCustom {}
export class TabInputNotebook {}
export const SymbolTag = { Deprecated: 1 };
export const SymbolKind = { Property: 6, TypeParameter: 25 };
export const CompletionItemTag = { Deprecated: 1 };
export const CompletionItemKind = { Text: 0 };
export const CompletionTriggerKind = { Invoke: 0, TriggerCharacter: 1, TriggerForIncompleteCompletions: 2 };
export const SignatureHelpTriggerKind = { Invoke: 1, TriggerCharacter: 2, ContentChange: 3 };
export const CodeActionTriggerKind = { Invoke: 1, Automatic: 2 };
export const TextDocumentSaveReason = { Manual: 1, AfterDelay: 2, FocusOut: 3 };
export const DocumentHighlightKind = { Text: 0, Read: 1, Write: 2 };
export const FoldingRangeKind = { Comment: 1, Imports: 2, Region: 3 };
export const ProgressLocation = { SourceControl: 1, Window: 10, Notification: 15 };
export const LogLevel = { Off: 0, Trace: 1, Debug: 2, Info: 3, Warning: 4, Error: 5 };
export const DiagnosticSeverity = { Error: 0, Warning: 1, Information: 2, Hint: 3 };
export const DiagnosticTag = { Unnecessary: 1, Deprecated: 2 };
export const StatusBarAlignment = { Left: 1, Right: 2 };
export const TextEditorRevealType = { Default: 0, InCenter: 1, InCenterIfOutsideViewport: 2, AtTop: 3 };
export const ViewColumn = { Active: -1, Beside: -2, One: 1 };

export interface TextDocument {
  readonly uri: URI;
  readonly languageId: string;
  readonly version: number;
  readonly lineCount: number;
  readonly isClosed: boolean;
  getText(range?: Range): string;
  validateRange(range: Range): Range;
}

class OpenDocument implements TextDocument {
  isClosed = false;
  readonly isDirty = false;
  readonly eol = 1;
  private text: Text;
  constructor(
    readonly uri: URI,
    language: string,
    content: string,
  ) {
    this.text = Text.create(uri.toString(), language, 1, content);
  }
  get languageId(): string {
    return this.text.languageId;
  }
  get version(): number {
    return this.text.version;
  }
  get lineCount(): number {
    return this.text.lineCount;
  }
  get fileName(): string {
    return this.uri.fsPath;
  }
  getText(range?: Range): string {
    return this.text.getText(range);
  }
  validateRange(range: Range): Range {
    const at = (position: Position) => {
      const { line, character } = this.text.positionAt(this.text.offsetAt(position));
      return new Position(line, character);
    };
    return new Range(at(range.start), at(range.end));
  }
  change(edits: readonly TextEdit[]): void {
    // The last in the text first, so that the others stay where they are.
    const order = [...edits].sort((a, b) => this.text.offsetAt(b.range.start) - this.text.offsetAt(a.range.start));
    const contentChanges = order.map(({ range, newText }) => {
      const rangeOffset = this.text.offsetAt(range.start);
      return { range, rangeOffset, rangeLength: this.text.offsetAt(range.end) - rangeOffset, text: newText };
    });
    this.text = Text.update(this.text, contentChanges, this.version + 1);
    events.changeText.fire({ document: this, contentChanges, reason: undefined });
  }
}

const events = {
  open: new EventEmitter<TextDocument>(),
  close: new EventEmitter<TextDocument>(),
  save: new EventEmitter<TextDocument>(),
  willSave: new EventEmitter<unknown>(),
  changeText: new EventEmitter<{ document: TextDocument; contentChanges: unknown[]; reason: undefined }>(),
  configuration: new EventEmitter<{ affectsConfiguration(section: string): boolean }>(),
  folders: new EventEmitter<unknown>(),
  editor: new EventEmitter<unknown>(),
  visible: new EventEmitter<unknown>(),
  diagnostics: new EventEmitter<{ uris: URI[] }>(),
  tabs: new EventEmitter<{ opened: unknown[]; closed: unknown[] }>(),
  none: new EventEmitter<never>(),
};

const documents: OpenDocument[] = [];
const settings = new Map<string, unknown>();
const registered = new Map<string, (...args: unknown[]) => unknown>();
const collections = new Map<string, Map<string, Diagnostic[]>>();
const contents = new Map<string, { provideTextDocumentContent(uri: URI): Promise<string> }>();
const providers: { kind: string; selector: unknown; provider: Record<string, (...args: unknown[]) => unknown> }[] = [];

function section(prefix: string | undefined) {
  const full = (key: string) => (prefix ? `${prefix}.${key}` : key);
  return {
    get(key: string, otherwise?: unknown): unknown {
      if (settings.has(full(key))) return settings.get(full(key));
      const below = [...settings].filter(([name]) => name.startsWith(`${full(key)}.`));
      if (below.length === 0) return otherwise;
      return Object.fromEntries(below.map(([name, value]) => [name.slice(full(key).length + 1), value]));
    },
    has: (key: string) => settings.has(full(key)),
  };
}

export const workspace = {
  workspaceFolders: undefined as { uri: URI; name: string; index: number }[] | undefined,
  notebookDocuments: [],
  get textDocuments(): readonly TextDocument[] {
    return documents;
  },
  getConfiguration: section,
  onDidOpenTextDocument: events.open.event,
  onDidCloseTextDocument: events.close.event,
  onDidSaveTextDocument: events.save.event,
  onWillSaveTextDocument: events.willSave.event,
  onDidChangeTextDocument: events.changeText.event,
  onDidChangeConfiguration: events.configuration.event,
  onDidChangeWorkspaceFolders: events.folders.event,
  createFileSystemWatcher: () => ({
    onDidCreate: events.none.event,
    onDidChange: events.none.event,
    onDidDelete: events.none.event,
    dispose: () => {},
  }),
  registerTextDocumentContentProvider(scheme: string, provider: never) {
    contents.set(scheme, provider);
    return new Disposable(() => contents.delete(scheme));
  },
  async openTextDocument(uri: URI): Promise<TextDocument> {
    const open = documents.find((one) => one.uri.toString() === uri.toString());
    const provider = contents.get(uri.scheme);
    if (provider === undefined) return open ?? Promise.reject(new Error(`no ${uri}`));
    const content = await provider.provideTextDocumentContent(uri);
    if (open !== undefined) close(open);
    return openDocument(uri.toString(), "plaintext", content);
  },
  async applyEdit(edit: WorkspaceEdit): Promise<boolean> {
    for (const [uri, edits] of edit.entries()) {
      const document = documents.find((one) => one.uri.toString() === uri.toString());
      if (document === undefined) return false;
      document.change(edits);
    }
    return true;
  },
};

/** What a person has seen, and answers. */
export const seen = {
  messages: [] as string[],
  log: [] as string[],
  shown: [] as { text: string; options: unknown }[],
  picks: [] as { label: string; detail?: string }[],
  revealed: [] as Range[],
  /** Which of the choices is taken: begins with this. */
  pick: undefined as string | undefined,
  /** Which button of a message is pressed. */
  press: undefined as string | undefined,
};

async function message(text: string, ...buttons: unknown[]): Promise<unknown> {
  seen.messages.push(text);
  return buttons.find((one) => one === seen.press);
}

export const statusItems: { id: string; text: string; tooltip: string; command: string; visible: boolean }[] = [];

export const window = {
  activeTextEditor: undefined as unknown,
  visibleTextEditors: [],
  tabGroups: {
    get all() {
      return [{ tabs: documents.map(({ uri }) => ({ input: new TabInputText(uri) })) }];
    },
    onDidChangeTabs: events.tabs.event,
    onDidChangeTabGroups: events.none.event,
  },
  onDidChangeActiveTextEditor: events.editor.event,
  onDidChangeVisibleTextEditors: events.visible.event,
  createOutputChannel: (name: string) => {
    const log = (...said: unknown[]) => void seen.log.push(said.map(String).join(" "));
    return {
      name,
      logLevel: LogLevel.Info,
      onDidChangeLogLevel: events.none.event,
      append: log,
      appendLine: log,
      trace: log,
      debug: log,
      info: log,
      warn: log,
      error: log,
      clear: () => {},
      show: () => log("SHOWN"),
      hide: () => {},
      dispose: () => {},
    };
  },
  createStatusBarItem(id: string) {
    const item = { id, text: "", tooltip: "", command: "", visible: false };
    statusItems.push(item);
    return Object.assign(item, {
      show: () => {
        item.visible = true;
      },
      hide: () => {
        item.visible = false;
      },
      dispose: () => {
        item.visible = false;
      },
    });
  },
  showInformationMessage: message,
  showWarningMessage: message,
  showErrorMessage: message,
  async showQuickPick(choices: { label: string; detail?: string }[]) {
    seen.picks = choices;
    return seen.pick === undefined ? undefined : choices.find((one) => one.label.includes(seen.pick ?? ""));
  },
  async showTextDocument(document: TextDocument, options: unknown) {
    seen.shown.push({ text: document.getText(), options });
  },
};

export const languages = {
  match(selector: unknown, document: TextDocument): number {
    const filters = Array.isArray(selector) ? selector : [selector];
    const fits = (one: string | { language?: string; scheme?: string }) =>
      typeof one === "string"
        ? one === document.languageId
        : (one.language ?? document.languageId) === document.languageId &&
          (one.scheme ?? document.uri.scheme) === document.uri.scheme;
    return filters.some(fits) ? 10 : 0;
  },
  createDiagnosticCollection(name: string) {
    const kept = new Map<string, Diagnostic[]>();
    collections.set(name, kept);
    const change = (uri: URI, found: readonly Diagnostic[] | undefined) => {
      if (found === undefined) kept.delete(uri.toString());
      else kept.set(uri.toString(), [...found]);
      events.diagnostics.fire({ uris: [uri] });
    };
    return {
      name,
      set: change,
      delete: (uri: URI) => change(uri, undefined),
      has: (uri: URI) => kept.has(uri.toString()),
      get: (uri: URI) => kept.get(uri.toString()),
      clear: () => {
        for (const uri of [...kept.keys()]) change(URI.parse(uri), undefined);
      },
      dispose: () => {
        for (const uri of [...kept.keys()]) change(URI.parse(uri), undefined);
        collections.delete(name);
      },
    };
  },
  getDiagnostics: (uri: URI) => [...collections.values()].flatMap((one) => one.get(uri.toString()) ?? []),
  onDidChangeDiagnostics: events.diagnostics.event,
  registerCodeActionsProvider: register("codeActions"),
  registerHoverProvider: register("hover"),
  registerInlayHintsProvider: register("inlayHints"),
  registerDocumentSymbolProvider: register("symbols"),
  registerCompletionItemProvider: register("completion"),
};

function register(kind: string) {
  return (selector: unknown, provider: never) => {
    const entry = { kind, selector, provider };
    providers.push(entry);
    return new Disposable(() => void providers.splice(providers.indexOf(entry), 1));
  };
}

export const commands = {
  registerCommand(name: string, run: (...args: unknown[]) => unknown) {
    if (registered.has(name)) throw new Error(`command '${name}' already exists`);
    registered.set(name, run);
    return new Disposable(() => registered.delete(name));
  },
  async executeCommand(name: string, ...args: unknown[]): Promise<unknown> {
    if (name === "vscode.executeCodeActionProvider") return codeActions(args[0] as URI, args[1] as Range, args[2]);
    const run = registered.get(name);
    if (run === undefined) throw new Error(`command '${name}' not found`);
    return run(...args);
  },
};

async function codeActions(uri: URI, range: Range, only: unknown): Promise<CodeAction[]> {
  const document = documents.find((one) => one.uri.toString() === uri.toString());
  const found: CodeAction[] = [];
  for (const { kind, selector, provider } of providers) {
    if (kind !== "codeActions" || document === undefined || languages.match(selector, document) === 0) continue;
    const context = {
      diagnostics: languages.getDiagnostics(uri),
      only: typeof only === "string" ? new CodeActionKind(only) : undefined,
      triggerKind: 1,
    };
    const token = new CancellationTokenSource().token;
    const actions = (await provider["provideCodeActions"]?.(document, range, context, token)) as CodeAction[];
    for (const action of actions ?? []) {
      const whole = await provider["resolveCodeAction"]?.(action, token);
      found.push((whole as CodeAction | undefined) ?? action);
    }
  }
  return found;
}

// How a test plays the person.

export function openDocument(uri: string, language: string, content: string): OpenDocument {
  const document = new OpenDocument(URI.parse(uri), language, content);
  documents.push(document);
  events.tabs.fire({ opened: [document], closed: [] });
  events.open.fire(document);
  return document;
}

export function edit(document: TextDocument): Record<string, unknown> {
  const editor = {
    document,
    selections: [] as Selection[],
    revealRange: (range: Range) => void seen.revealed.push(range),
  };
  window.activeTextEditor = editor;
  events.editor.fire(editor);
  return editor;
}

export function change(document: OpenDocument, range: Range, text: string): void {
  document.change([new TextEdit(range, text)]);
}

export function save(document: OpenDocument): void {
  events.save.fire(document);
}

export function close(document: OpenDocument): void {
  document.isClosed = true;
  documents.splice(documents.indexOf(document), 1);
  events.tabs.fire({ opened: [], closed: [document] });
  events.close.fire(document);
}

export function set(name: string, value: unknown): void {
  settings.set(name, value);
  events.configuration.fire({
    affectsConfiguration: (one) => name === one || name.startsWith(`${one}.`),
  });
}

export function commandNames(): string[] {
  return [...registered.keys()].sort();
}
