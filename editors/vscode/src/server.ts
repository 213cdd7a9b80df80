import * as vscode from "vscode";
import {
  CloseAction,
  type CloseHandlerResult,
  type Diagnostic,
  DiagnosticPullMode,
  DidChangeConfigurationNotification,
  type DocumentUri,
  ErrorAction,
  type ErrorHandler,
  ExecuteCommandRequest,
  LanguageClient,
  type LanguageClientOptions,
  LSPErrorCodes,
  ResponseError,
  RevealOutputChannelOn,
  type ServerOptions,
  State,
} from "vscode-languageclient/node";
import { findBinary, NoBinary, tryBinary } from "./binary";
import { drafts } from "./drafts";
import { type ServerSettings, serverSettings } from "./settings";

const chosenKey = "customer";

/** A client that writes what goes wrong into the output panel, and leaves it to `Server` to tell a person once. */
class QuietClient extends LanguageClient {
  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
  }
}

/** Has a server started again that is gone, unless it never was there, or goes again and again. */
class Health implements ErrorHandler {
  ran = false;
  usual: ErrorHandler | undefined;

  constructor(private readonly fail: (message: string) => void) {}

  error(...trouble: Parameters<ErrorHandler["error"]>): ReturnType<ErrorHandler["error"]> {
    return this.usual?.error(...trouble) ?? { action: ErrorAction.Shutdown };
  }

  async closed(): Promise<CloseHandlerResult> {
    const result = this.ran ? await this.usual?.closed() : undefined;
    if (result?.action === CloseAction.DoNotRestart) {
      this.fail("The tonelint server stopped five times within three minutes.");
    }
    return result ?? { action: CloseAction.DoNotRestart };
  }
}

/** The language server of one window: started, told of settings, asked, started again. */
export class Server implements vscode.Disposable {
  private client: LanguageClient | undefined;
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly output: vscode.LogOutputChannel;
  private trouble: string | undefined;
  /** Starts and stops follow each other, also when someone is quick. */
  private last: Promise<void> = Promise.resolve();

  /** Something that the status bar shows is different now. */
  readonly onDidChange = this.changed.event;

  constructor(private readonly context: vscode.ExtensionContext) {
    this.output = vscode.window.createOutputChannel("tonelint", { log: true });
  }

  dispose(): void {
    this.changed.dispose();
    this.output.dispose();
  }

  /** Why there is no server, for a person; undefined while there is one or one is about to be. */
  get problem(): string | undefined {
    return this.trouble;
  }

  /** Who was chosen for this window, if anybody was. */
  get chosen(): string | undefined {
    return this.context.workspaceState.get<string>(chosenKey);
  }

  /** The customer that holds for this window by choice or by the editor's settings. */
  get customer(): string | undefined {
    return this.settings().customer;
  }

  async choose(customer: string | undefined): Promise<void> {
    await this.context.workspaceState.update(chosenKey, customer);
    await this.tellSettings();
    this.changed.fire();
  }

  start(): Promise<void> {
    return this.next(() => this.startNow());
  }

  stop(): Promise<void> {
    return this.next(() => this.stopNow());
  }

  restart(): Promise<void> {
    return this.next(async () => {
      await this.stopNow();
      await this.startNow();
    });
  }

  /** Sends one of the server's commands. Throws a message for a person where there is no server or no answer. */
  async ask<T>(command: string, ...args: unknown[]): Promise<T> {
    await this.last;
    for (let left = 5; ; left--) {
      if (this.client?.state !== State.Running) {
        throw new Error(this.trouble ?? "The tonelint server is not running. Restart it, or see its output.");
      }
      try {
        return await this.client.sendRequest(ExecuteCommandRequest.type, { command, arguments: args });
      } catch (error) {
        // The text or the settings changed while it was at work: what holds now is asked for.
        const outdated = error instanceof ResponseError && error.code === LSPErrorCodes.ContentModified;
        if (!outdated || left === 0) {
          throw error;
        }
      }
    }
  }

  /** What the server calls a document. */
  address(uri: vscode.Uri): DocumentUri {
    return this.client?.code2ProtocolConverter.asUri(uri) ?? uri.toString();
  }

  /** The editor's form of diagnostics that the server gave in answer to a command. */
  async diagnostics(from: Diagnostic[]): Promise<vscode.Diagnostic[]> {
    return (await this.client?.protocol2CodeConverter.asDiagnostics(from)) ?? [];
  }

  showOutput(): void {
    this.output.show(true);
  }

  private next(step: () => Promise<void>): Promise<void> {
    this.last = this.last.then(step, step);
    return this.last;
  }

  private settings(): ServerSettings {
    const configuration = vscode.workspace.getConfiguration("tonelint");
    return serverSettings((key) => configuration.get(key), this.chosen);
  }

  private async tellSettings(): Promise<void> {
    if (this.client?.state === State.Running) {
      const settings = { tonelint: this.settings() };
      await this.client.sendNotification(DidChangeConfigurationNotification.type, { settings });
    }
  }

  private async startNow(): Promise<void> {
    let command: string;
    try {
      command = findBinary({
        setting: vscode.workspace.getConfiguration("tonelint").get("path", ""),
        extension: this.context.extensionPath,
        search: process.env["PATH"] ?? "",
        windows: process.platform === "win32",
      });
      await tryBinary(command);
    } catch (error) {
      if (!(error instanceof NoBinary)) {
        throw error;
      }
      this.fail(error.message);
      return;
    }
    this.trouble = undefined;
    const server: ServerOptions = { command, args: ["lsp"] };
    const health = new Health((message) => this.fail(message));
    const client = new QuietClient("tonelint", "tonelint", server, { ...this.options(), errorHandler: health });
    health.usual = client.createDefaultErrorHandler();
    this.client = client;
    client.onDidChangeState(({ newState }) => {
      if (this.client === client) {
        this.trouble = newState === State.Stopped ? "The tonelint server has stopped." : undefined;
        this.changed.fire();
      }
    });
    try {
      await client.start();
      health.ran = true;
    } catch (error) {
      this.output.error(String(error));
      this.fail(`The server "${command} lsp" did not start.`);
    }
  }

  private async stopNow(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    this.trouble = undefined;
    try {
      await client?.dispose();
    } catch (error) {
      // One that has not started, or does not end in time, is gone all the same.
      this.output.warn(String(error));
    }
  }

  private options(): LanguageClientOptions {
    return {
      documentSelector: drafts,
      outputChannel: this.output,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      initializationOptions: this.settings(),
      // Told by startNow, and once.
      initializationFailedHandler: () => false,
      diagnosticCollectionName: "tonelint",
      synchronize: { configurationSection: "tonelint" },
      diagnosticPullOptions: {
        onChange: true,
        onSave: true,
        filter: (_document, mode) => mode === DiagnosticPullMode.onType && this.settings().run === "onSave",
      },
      middleware: {
        workspace: {
          // The section also holds what is the editor's own: the program's path, the trace.
          configuration: async (params, token, next) => {
            const answers = await next(params, token);
            if (!Array.isArray(answers)) {
              return answers;
            }
            return answers.map((one, at) => (params.items[at]?.section === "tonelint" ? this.settings() : one));
          },
          didChangeConfiguration: () => this.tellSettings(),
        },
      },
    };
  }

  private fail(message: string): void {
    this.trouble = message;
    this.changed.fire();
    const settings = "Open Settings";
    const output = "Show Output";
    const hint = `${message} Drafts are not checked. Install tonelint, or set tonelint.path to where it is.`;
    void vscode.window.showErrorMessage(hint, settings, output).then((choice) => {
      if (choice === settings) {
        void vscode.commands.executeCommand("workbench.action.openSettings", "tonelint.path");
      } else if (choice === output) {
        this.showOutput();
      }
    });
  }
}
