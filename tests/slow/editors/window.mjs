// A window of Visual Studio Code (code-server) in Chromium, with the packaged extension in it, used as a person would:
// opens a draft in a workspace that nobody has trusted yet, looks at what is underlined and at the status bar, takes a
// quick fix, all safe fixes, the outline, a customer. Prints what it sees.
//
//   node window.mjs ADDRESS FOLDER CHROMIUM PICTURE
import { chromium } from "playwright-core";

const [address, folder, executablePath, picture] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
const page = await browser.newPage({ viewport: { width: 1500, height: 800 } });
page.setDefaultTimeout(30_000);

/** Waits until what is seen is as wanted. */
async function see(what, look, wanted) {
  const end = Date.now() + 30_000;
  let last;
  do {
    last = await look().catch(String);
    if (wanted.test(last)) {
      console.log(`${what}: ${last}`);
      return;
    }
    await page.waitForTimeout(100);
  } while (Date.now() < end);
  throw new Error(`${what}: wanted ${wanted}, saw ${last}`);
}

async function command(text) {
  await page.keyboard.press("F1");
  const box = page.locator(".quick-input-widget input").first();
  await box.fill(`>${text}`);
  await page.locator(".quick-input-list .monaco-list-row", { hasText: text }).first().click();
}

const status = () => page.locator(".statusbar-item[id='tonelint.tonelint.tonelint.status']").innerText();
// Lines are broken, and spaces are no-break spaces.
const text = (at) => async () => (await page.locator(".editor-instance .view-lines").nth(at).innerText()).replace(/\s+/g, " ");
const underlines = async () => {
  const count = (kind) => page.locator(`.squiggly-${kind}`).count();
  return `${await count("error")} ${await count("warning")} ${await count("info")}`;
};

try {
  await page.goto(`${address}/?folder=${encodeURIComponent(folder)}`);
  await page.locator(".monaco-workbench .explorer-folders-view .monaco-list-row", { hasText: "draft.md" }).dblclick();
  await see("status", status, /tonelint 3$/);
  await see("underlined", underlines, /^1 1 1$/);
  await see("trust", () => page.locator(".statusbar-item[id='status.workspaceTrust']").innerText(), /Restricted Mode/);

  await command("Go to Next Problem (Error, Warning, Info)");
  await page.keyboard.press("Escape");
  await command("Quick Fix...");
  await page.locator(".action-widget .monaco-list-row", { hasText: "Write: I'm sorry that we" }).click();
  await see("draft", text(0), /I'm sorry that we \{what we did\}/);
  await page.keyboard.press("Control+z");
  await see("undone", text(0), /sorry you feel that way/);

  await command("tonelint: Fix All That Surely Keeps the Meaning");
  await see("draft", text(0), /Please use the new link before Friday/);
  await see("status", status, /tonelint 1$/);

  await command("tonelint: Show the Outline of the Reply");
  await see("outline", text(1), /greeting 1 Hi Anna, .*sign-off 5 Tim/);

  await command("tonelint: Choose the Customer");
  await page.locator(".quick-input-list .monaco-list-row", { hasText: "pays well" }).click();
  await see("status", status, /tonelint \d · vip$/);
} finally {
  await page.screenshot({ path: picture });
  await browser.close();
}
