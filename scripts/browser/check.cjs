// Pages → what speaks against them, in words; called by scripts/browser.sh. Each check is a function that gives its complaints.
"use strict";
const fs = require("node:fs");
const path = require("node:path");
const { pathToFileURL } = require("node:url");
const { chromium } = require("playwright-core");
const axe = require("axe-core");

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"];
const WIDE = { width: 1280, height: 900 };
const NARROW = { width: 320, height: 640 };
/** The most pixels of a picture; longer pages are shown from their beginning. */
const HIGHEST_PICTURE = 12000;

const options = { keep: "", "most-seconds": 3, "most-bytes": 6_000_000 };
const given = [];
for (let at = 2; at < process.argv.length; at += 1) {
  const name = process.argv[at].replace(/^--/, "");
  if (process.argv[at].startsWith("--") && name in options) {
    at += 1;
    options[name] = name === "keep" ? process.argv[at] : Number(process.argv[at]);
  } else given.push(process.argv[at]);
}

/** All pages of a folder, and of those below. */
function pagesIn(place) {
  if (!fs.statSync(place).isDirectory()) return [place];
  const inside = fs.readdirSync(place).sort().map((name) => path.join(place, name));
  return inside.flatMap((one) => (fs.statSync(one).isDirectory() || one.endsWith(".html") ? pagesIn(one) : []));
}

/** Opens a page in a context of its own; `seen` collects what it asks for and says. */
async function open(browser, url, settings, seen = { requests: [], said: [] }) {
  const context = await browser.newContext({ viewport: WIDE, ...settings });
  const page = await context.newPage();
  page.on("request", (request) => {
    if (request.url() !== url && !request.url().startsWith("data:")) seen.requests.push(request.url());
  });
  page.on("websocket", (socket) => seen.requests.push(socket.url()));
  page.on("console", (message) => seen.said.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => seen.said.push(`error: ${error.message}`));
  const before = performance.now();
  await page.goto(url, { waitUntil: "load", timeout: 60_000 });
  if (settings.javaScriptEnabled !== false) {
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  }
  return { page, seconds: (performance.now() - before) / 1000, close: () => context.close() };
}

/** Every rule of accessibility, at a width and in a colour scheme. */
async function accessibility(browser, url, settings, where, numbers) {
  const { page, close } = await open(browser, url, { bypassCSP: true, ...settings });
  await page.evaluate(axe.source);
  const found = await page.evaluate(
    (tags) => window.axe.run(document, { runOnly: tags, resultTypes: ["violations"] }).then((all) => ({
      violations: all.violations.map((one) => ({
        id: one.id,
        help: one.help,
        count: one.nodes.length,
        first: one.nodes.slice(0, 3).map((node) => `${node.target.join(" ")} ${node.html.slice(0, 160)}`),
      })),
      passes: all.passes.length,
    })),
    RULES,
  );
  numbers.rules = Math.max(numbers.rules ?? 0, found.passes);
  await close();
  return found.violations.map((one) => `accessibility, ${where}: ${one.help} (${one.id}), ${one.count} times, first at\n      ${one.first.join("\n      ")}`);
}

/** What a reader sees, in words; forms that only a script can work are no content. */
async function wordsOf(browser, url, javaScriptEnabled) {
  const { page, close } = await open(browser, url, { bypassCSP: true, javaScriptEnabled });
  const text = await page.evaluate(() => {
    for (const details of document.querySelectorAll("details")) details.open = true;
    for (const form of document.querySelectorAll("form, noscript, [role=status], [data-script-only]")) form.remove();
    return document.body.innerText;
  });
  await close();
  return text.split(/\s+/).filter(Boolean);
}

async function withoutJavaScript(browser, url, numbers) {
  const [seen, there] = [await wordsOf(browser, url, true), await wordsOf(browser, url, false)];
  numbers.words = there.length;
  const count = new Map();
  for (const word of there) count.set(word, (count.get(word) ?? 0) + 1);
  const missing = [];
  for (const word of seen) {
    const left = count.get(word) ?? 0;
    if (left === 0) missing.push(word);
    else count.set(word, left - 1);
  }
  return missing.length === 0 ? [] : [`without JavaScript ${missing.length} words are missing, the first: ${missing.slice(0, 12).join(" ")}`];
}

/** Goes through the page with the Tab key and says which controls it did not come to. */
async function keyboard(browser, url, numbers) {
  const { page, close } = await open(browser, url, { bypassCSP: true });
  const count = await page.evaluate(() => {
    const controls = [...document.querySelectorAll("a[href], button, select, input, textarea, summary, [tabindex='0']")].filter(
      (one) => !one.disabled && one.checkVisibility({ visibilityProperty: true }) && !(one.type === "radio" && !one.checked),
    );
    window.notReached = new Set(controls);
    document.addEventListener("focusin", (event) => window.notReached.delete(event.target));
    return controls.length;
  });
  for (let at = 0; at < count + 20; at += 1) {
    await page.keyboard.press("Tab");
    if (at >= count - 1 && (await page.evaluate(() => window.notReached.size)) === 0) break;
  }
  const missed = await page.evaluate(() => [...window.notReached].map((one) => one.outerHTML.slice(0, 120)));
  numbers.controls = count;
  await close();
  return missed.length === 0 ? [] : [`the Tab key does not come to ${missed.length} of ${count} controls, the first: ${missed.slice(0, 3).join("\n      ")}`];
}

/** Whether the page moves sideways, and whether words stick out of a chart; keeps a picture. */
async function looks(browser, url, viewport, keep) {
  const { page, close } = await open(browser, url, { viewport });
  const found = await page.evaluate(() => {
    const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
    const behind = [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > innerWidth + 1 && !scrolls(one));
    function scrolls(one) {
      for (let above = one.parentElement; above && above !== document.body; above = above.parentElement) {
        if (["auto", "scroll", "hidden"].includes(getComputedStyle(above).overflowX)) return true;
      }
      return false;
    }
    const out = [];
    for (const svg of document.querySelectorAll("svg[viewBox]")) {
      const frame = svg.viewBox.baseVal;
      for (const words of svg.querySelectorAll("text")) {
        const box = words.getBBox();
        if (box.x < -0.5 || box.y < -0.5 || box.x + box.width > frame.width + 0.5 || box.y + box.height > frame.height + 0.5) {
          out.push(words.textContent);
        }
      }
    }
    return { wide, behind: behind.slice(0, 3).map((one) => one.outerHTML.slice(0, 120)), out, high: document.documentElement.scrollHeight };
  });
  const height = Math.min(found.high, HIGHEST_PICTURE);
  await page.screenshot({ path: `${keep}-${viewport.width}.png`, fullPage: true, clip: { x: 0, y: 0, width: viewport.width, height } });
  await close();
  const complaints = [];
  if (found.wide > 0) complaints.push(`at ${viewport.width} pixels the page moves sideways by ${found.wide}: ${found.behind.join("\n      ")}`);
  if (found.out.length > 0) complaints.push(`at ${viewport.width} pixels words stick out of charts: ${found.out.slice(0, 5).join(" | ")}`);
  return complaints;
}

async function printed(browser, url, keep, numbers) {
  const { page, close } = await open(browser, url, {});
  const pdf = await page.pdf({ path: `${keep}.pdf`, format: "A4", preferCSSPageSize: true });
  numbers.printed = (pdf.toString("latin1").match(/\/Type\s*\/Page\b/g) ?? []).length;
  await close();
  return pdf.subarray(0, 5).toString() === "%PDF-" && numbers.printed > 0 ? [] : ["printing gives no pages"];
}

/** Everything that speaks against a page. */
async function check(browser, file, keep) {
  const url = pathToFileURL(file).href;
  const numbers = { bytes: fs.statSync(file).size };
  const seen = { requests: [], said: [] };
  const first = await open(browser, url, {}, seen);
  await first.page.mouse.wheel(0, 4000);
  await first.page.waitForTimeout(200);
  await first.close();
  numbers.seconds = first.seconds;
  // A machine that is busy with something else is no fault of the page: it may try again.
  for (let again = 0; again < 2 && numbers.seconds > options["most-seconds"]; again += 1) {
    const next = await open(browser, url, {});
    numbers.seconds = Math.min(numbers.seconds, next.seconds);
    await next.close();
  }
  const complaints = [
    ...seen.requests.map((request) => `asks for ${request}`),
    ...seen.said.map((said) => `the console says ${said}`),
    ...(await accessibility(browser, url, {}, "1280 pixels", numbers)),
    ...(await accessibility(browser, url, { colorScheme: "dark" }, "dark", numbers)),
    ...(await accessibility(browser, url, { viewport: NARROW }, "320 pixels", numbers)),
    ...(await withoutJavaScript(browser, url, numbers)),
    ...(await keyboard(browser, url, numbers)),
    ...(await looks(browser, url, WIDE, keep)),
    ...(await looks(browser, url, NARROW, keep)),
    ...(await printed(browser, url, keep, numbers)),
  ];
  if (numbers.bytes > options["most-bytes"]) complaints.push(`is ${numbers.bytes} bytes long; ${options["most-bytes"]} are allowed`);
  if (numbers.seconds > options["most-seconds"]) complaints.push(`opens in ${numbers.seconds.toFixed(1)} s; ${options["most-seconds"]} are allowed`);
  return { numbers, complaints };
}

async function main() {
  const files = given.flatMap((place) => pagesIn(path.resolve(place)).map((file) => ({ file, name: path.relative(fs.statSync(place).isDirectory() ? place : path.dirname(place), file) })));
  if (files.length === 0) throw new Error("there is no page to look at");
  fs.rmSync(options.keep, { recursive: true, force: true });
  fs.mkdirSync(options.keep, { recursive: true });
  const executablePath = process.env.PATH.split(":").map((folder) => path.join(folder, "chromium")).find((file) => fs.existsSync(file));
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  let against = 0;
  for (const { file, name } of files) {
    const keep = path.join(options.keep, name.replace(/\.html$/, "").replaceAll(path.sep, "-"));
    const { numbers, complaints } = await check(browser, file, keep);
    const kilobytes = Math.ceil(numbers.bytes / 1000).toLocaleString("en-GB");
    console.log(
      `${complaints.length === 0 ? "fine" : "NOT FINE"}: ${name}: ${kilobytes} kB, opens in ${numbers.seconds.toFixed(1)} s, ` +
        `${numbers.rules} rules of accessibility hold, ${numbers.words} words without JavaScript, ${numbers.controls} controls by keyboard, ${numbers.printed} pages on paper`,
    );
    for (const complaint of complaints) console.log(`    ${complaint}`);
    against += complaints.length;
  }
  await browser.close();
  console.log(`pictures and printed pages: ${options.keep}`);
  if (against > 0) {
    console.log(`${against} ${against === 1 ? "thing speaks" : "things speak"} against these pages`);
    process.exitCode = 1;
  }
}

main().catch((error) => {
  console.error(`the pages could not be checked: ${error.message}`);
  process.exitCode = 2;
});
