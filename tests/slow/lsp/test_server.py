"""The language server, driven by a client that is not ours (pytest-lsp on pygls), with the capabilities
that real editors announce. TONELINT names the binary.

A stretch of typing (benches/typing.json) goes through the protocol key by key; at each stop the server
must say of the text what `tonelint check` says of it.
"""

import json
import os
import pathlib
import subprocess

import pytest
import pytest_lsp
from lsprotocol import types
from pygls.workspace import PositionCodec
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

TONELINT = os.environ["TONELINT"]
ROOT = pathlib.Path(__file__).resolve().parents[3]
TYPING = json.loads((ROOT / "benches" / "typing.json").read_text(encoding="utf-8"))
# How often the server's word is compared with that of `check`, in keystrokes.
STOP = 100

EDITORS = ["neovim@0.7", "neovim@0.11", "emacs", "visual-studio-code"]


@pytest_lsp.fixture(params=EDITORS, config=ClientServerConfig(server_command=[TONELINT, "lsp"]))
async def client(request, lsp_client: LanguageClient, tmp_path):
    folder = tmp_path / "ein ordner 😀"
    folder.mkdir()
    lsp_client.folder = folder
    watch(lsp_client)
    capabilities = client_capabilities(request.param)
    result = await lsp_client.initialize_session(
        types.InitializeParams(
            process_id=os.getpid(),
            capabilities=capabilities,
            workspace_folders=[types.WorkspaceFolder(uri=folder.as_uri(), name="replies")],
            root_uri=folder.as_uri(),
        )
    )
    lsp_client.pulls = result.capabilities.diagnostic_provider is not None
    lsp_client.agreed = result.capabilities.position_encoding or types.PositionEncodingKind.Utf16
    yield
    await lsp_client.shutdown_session()


def said(diagnostics, text, encoding):
    """Code, lines and columns of each, counted in characters from 1 as `check` counts."""
    codec = PositionCodec(encoding=encoding)
    lines = text.splitlines(True)
    found = []
    for one in diagnostics:
        span = codec.range_from_client_units(lines, one.range)
        found.append((one.code, span.start.line + 1, span.start.character + 1, span.end.line + 1, span.end.character + 1))
    return sorted(found)


def checked(text):
    run = subprocess.run(
        [TONELINT, "check", "--format", "json", "--stdin-filename", "draft.md", "-"],
        input=text.encode(), capture_output=True, check=False,
    )
    found = json.loads(run.stdout)["findings"]
    return sorted(
        (one["code"], one["start"]["line"], one["start"]["column"], one["end"]["line"], one["end"]["column"])
        for one in found
    )


async def diagnostics(client: LanguageClient, uri: str, version: int):
    if client.pulls:
        params = types.DocumentDiagnosticParams(text_document=types.TextDocumentIdentifier(uri=uri))
        return (await client.text_document_diagnostic_async(params)).items
    while client.versions.get(uri) != version:
        await client.wait_for_notification(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    return client.diagnostics[uri]


def watch(client: LanguageClient):
    """Notes of which version the diagnostics are; pytest-lsp's own handler keeps none."""
    client.versions = {}
    client.protocol.fm.features.pop(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS, None)

    @client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    def note(params: types.PublishDiagnosticsParams):
        client.versions[params.uri] = params.version
        client.diagnostics[params.uri] = params.diagnostics

    @client.feature(types.CLIENT_REGISTER_CAPABILITY)
    def register(params: types.RegistrationParams):
        client.registered = [one.method for one in params.registrations]


def opened(client: LanguageClient, name: str, text: str, language: str = "markdown"):
    path = client.folder / name
    uri = path.as_uri()
    client.text_document_did_open(
        types.DidOpenTextDocumentParams(types.TextDocumentItem(uri=uri, language_id=language, version=0, text=text))
    )
    return uri


@pytest.mark.asyncio
async def test_typing(client: LanguageClient):
    codec = PositionCodec(encoding=client.agreed)
    text = TYPING["start"]
    uri = opened(client, "ein entwurf.md", text)
    assert said(await diagnostics(client, uri, 0), text, client.agreed) == checked(text)
    for version, (line, column, last_line, last_column, new) in enumerate(TYPING["edits"], 1):
        lines = text.splitlines(True)
        # The stretch counts in UTF-16; this client and this server may have agreed otherwise.
        utf16 = PositionCodec(encoding=types.PositionEncodingKind.Utf16)
        span = types.Range(types.Position(line, column), types.Position(last_line, last_column))
        span = utf16.range_from_client_units(lines, span)
        start, end = (sum(map(len, lines[: at.line])) + at.character for at in (span.start, span.end))
        client.text_document_did_change(
            types.DidChangeTextDocumentParams(
                text_document=types.VersionedTextDocumentIdentifier(uri=uri, version=version),
                content_changes=[
                    types.TextDocumentContentChangePartial(range=codec.range_to_client_units(lines, span), text=new)
                ],
            )
        )
        text = text[:start] + new + text[end:]
        if version % STOP == 0 or version == len(TYPING["edits"]):
            found = await diagnostics(client, uri, version)
            assert said(found, text, client.agreed) == checked(text), version
    assert text == TYPING["end"]


@pytest.mark.asyncio
async def test_a_quick_fix_and_all_at_once(client: LanguageClient):
    text = "Hi 👍🏽 e\u0301te\u0301,\n\nPlease utilize the form prior to Friday.\n"
    uri = opened(client, "a.md", text)
    found = await diagnostics(client, uri, 0)
    assert [one.code for one in found] == ["JG001", "JG001"]
    actions = await client.text_document_code_action_async(
        types.CodeActionParams(
            text_document=types.TextDocumentIdentifier(uri=uri),
            range=found[0].range,
            context=types.CodeActionContext(diagnostics=[found[0]]),
        )
    )
    assert "Write: use" in [action.title for action in actions]
    # lsprotocol takes an action with a command for a command alone.
    actions = [action for action in actions if isinstance(action, types.CodeAction)]
    assert all(action.diagnostics[0].code == "JG001" for action in actions if action.kind == "quickfix")
    everything = await client.text_document_code_action_async(
        types.CodeActionParams(
            text_document=types.TextDocumentIdentifier(uri=uri),
            range=types.Range(types.Position(0, 0), types.Position(0, 0)),
            context=types.CodeActionContext(diagnostics=[], only=[types.CodeActionKind.SourceFixAll]),
        )
    )
    [action] = everything
    assert action.kind == "source.fixAll.tonelint"
    if action.edit.document_changes:
        [change] = action.edit.document_changes
        assert (change.text_document.uri, change.text_document.version) == (uri, 0)
        edits = change.edits
    else:
        edits = action.edit.changes[uri]
    codec = PositionCodec(encoding=client.agreed)
    lines = text.splitlines(True)
    for edit in sorted(edits, key=lambda edit: (edit.range.start.line, edit.range.start.character), reverse=True):
        span = codec.range_from_client_units(lines, edit.range)
        start, end = (sum(map(len, lines[: at.line])) + at.character for at in (span.start, span.end))
        text = text[:start] + edit.new_text + text[end:]
    assert text == "Hi 👍🏽 e\u0301te\u0301,\n\nPlease use the form before Friday.\n"


@pytest.mark.asyncio
async def test_the_rest_answers(client: LanguageClient):
    uri = opened(client, "a.md", "Hi Zoë,\n\nI've refunded $20 today. Kindly wait.\n\n")
    await diagnostics(client, uri, 0)
    document = types.TextDocumentIdentifier(uri=uri)
    hover = await client.text_document_hover_async(types.HoverParams(document, types.Position(2, 27)))
    assert "BU001" in hover.contents.value
    symbols = await client.text_document_document_symbol_async(types.DocumentSymbolParams(document))
    assert symbols[0].name == "greeting: Hi Zoë,"
    items = await client.text_document_completion_async(types.CompletionParams(document, types.Position(4, 0)))
    assert any("refocus" == item.detail for item in items)
    outline = await client.workspace_execute_command_async(types.ExecuteCommandParams("tonelint.outline", [uri]))
    assert "greeting" in outline["text"]
    piece = await client.workspace_execute_command_async(
        types.ExecuteCommandParams("tonelint.checkText", ["Kindly wait.", {"languageId": "markdown", "uri": uri}])
    )
    assert piece["diagnostics"][0]["code"] == "BU001"
