// Checks the page in a browser. Arguments: the browser, the page, the expected answers, a page with hostile texts.
// Prints times and sizes; ends with 1 and a list if a check fails.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import axe from "axe-core";
import { chromium } from "playwright-core";

const [browserPath, pagePath, expectedPath, hostilePath] = process.argv.slice(2);
const page = pathToFileURL(pagePath).href;
const expected = JSON.parse(readFileSync(expectedPath, "utf8"));
const widths = { phone: { width: 360, height: 740 }, desktop: { width: 1280, height: 900 } };
const noSandbox = process.getuid() === 0 ? ["--no-sandbox"] : [];
const browser = await chromium.launch({ executablePath: browserPath, args: noSandbox });
const failures = [];
let checks = 0;

const waiting = [];
const check = (...own) => waiting.push(own);

// Runs one check on a new page. Whatever the check does, the page asks for nothing but itself, and logs nothing.
async function run(name, address, options, body) {
  const context = await browser.newContext({ viewport: widths.desktop, locale: "en-US", ...options });
  const tab = await context.newPage();
  const seen = [];
  tab.on("request", (request) => seen.push(request.url().replace(/[?#].*/, "")));
  const logged = [];
  tab.on("console", (message) => logged.push(message.text()));
  tab.on("pageerror", (error) => logged.push(error.message));
  tab.on("dialog", (dialog) => {
    logged.push("dialog: " + dialog.message());
    return dialog.dismiss();
  });
  checks += 1;
  const start = performance.now();
  try {
    await tab.goto(address);
    await body(tab);
    assert.deepEqual([...new Set(seen)], [address.replace(/[?#].*/, "")], "requests");
    assert.deepEqual(logged, [], "console");
    console.log(`${name}: ${Math.round(performance.now() - start)} ms`);
  } catch (error) {
    failures.push(`${name}: ${error.message}`);
  } finally {
    await context.close();
  }
}

const text = (tab, id) => tab.locator("#" + id).innerText();
const shown = (tab) => tab.locator("#c-table tbody tr:not(.g)").evaluateAll(
  (rows) => rows.filter((row) => row.checkVisibility()).map((row) => row.id));
const fits = async (tab) => {
  const [content, window] = await tab.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(content <= window, `the page is ${content} wide in a window of ${window}`);
};
const violations = async (tab) => {
  // A string is evaluated whatever the policy of the page says.
  await tab.evaluate(axe.source);
  const result = await tab.evaluate("axe.run(document, { resultTypes: ['violations'] })");
  const found = result.violations.map((own) => `${own.id}: ${own.nodes.slice(0, 3).map((node) => node.html).join(" ")}`);
  assert.deepEqual(found, [], "axe");
};

check("answers of the library", page, {}, async (tab) => {
  const wrong = await tab.evaluate((portals) => {
    const get = (id) => document.getElementById("c-" + id);
    const rows = [...document.querySelectorAll("#c-table tbody tr:not(.g)")];
    return portals.flatMap(({ query, answers }) => {
      const values = new URLSearchParams(query);
      for (const name of ["rest", "im", "imbot", "date"]) get(name).value = values.get(name) ?? "";
      get("portal").requestSubmit();
      const given = (row) => row.querySelector("td.a .v")?.className.split(" ")[1];
      const differs = rows.filter((row) => given(row) !== answers[row.id]);
      return differs.map((row) => `${query} ${row.id}: ${given(row)}, not ${answers[row.id]}`);
    });
  }, expected.portals);
  assert.deepEqual(wrong.slice(0, 10), [], `${wrong.length} wrong answers`);
  console.log(`${expected.portals.length} portals of ${expected.features} features`);
});

check("differences of the library", page, {}, async (tab) => {
  const wrong = await tab.evaluate((differences) => {
    const get = (id) => document.getElementById("c-" + id);
    const rows = [...document.querySelectorAll("#c-table tbody tr:not(.g)")];
    return differences.filter(({ from, to, differs }) => {
      get("from").value = from;
      get("to").value = to;
      get("compare").requestSubmit();
      const shown = rows.filter((row) => row.checkVisibility()).map((row) => row.id);
      return shown.sort().join() !== differs.sort().join();
    });
  }, expected.differences);
  assert.deepEqual(wrong, []);
});

for (const { query, rows } of expected.filters) {
  check(`filter ${query}`, page + query, {}, async (tab) => {
    assert.deepEqual((await shown(tab)).sort(), rows.sort());
  });
}

check("a comparison has an address", page + "?from=33&to=36", {}, async (tab) => {
  const { differs } = expected.differences.find((own) => own.from === 33 && own.to === 36);
  assert.deepEqual((await shown(tab)).sort(), differs.sort());
  assert.match(await text(tab, "c-answer"), /^From REST 33 to 36\. Features: \d+ gained, \d+ lost\.$/);
  assert.equal(await text(tab, "c-column"), "REST 33 → 36");
});

// axe takes seconds for all rows. They have one form, so most runs look at some of them.
const thin = (tab) => tab.evaluate(() => {
  const rows = [...document.querySelectorAll("#c-table tbody tr:not(.g)")];
  rows.filter((row, number) => number % 40 !== 0).forEach((row) => row.remove());
});
const states = ["?", "?rest=33", "?from=33&to=36", "?rest=x&date=1"];
for (const [width, viewport] of Object.entries(widths)) {
  for (const colorScheme of ["light", "dark"]) {
    check(`${width}, ${colorScheme}`, page, { viewport, colorScheme }, async (tab) => {
      for (const [number, state] of states.entries()) {
        // Each state is seen in one language with light colours, and in the other one with dark colours.
        const language = (number % 2 === 0) === (colorScheme === "light") ? "en" : "ru";
        await tab.goto(`${page}${state}&lang=${language}`);
        await tab.locator("#c-more summary").click();
        await fits(tab);
        await thin(tab);
        await violations(tab);
      }
    });
  }
}
for (const [width, viewport] of Object.entries(widths)) {
  check(`${width}, all rows and details`, page + "?rest=32", { viewport }, async (tab) => {
    await tab.evaluate(() => document.querySelectorAll("details").forEach((details) => { details.open = true; }));
    await fits(tab);
    if (width === "desktop") await violations(tab);
  });
  for (const colorScheme of ["light", "dark"]) {
    check(`${width} without scripts, ${colorScheme}`, page, { viewport, colorScheme, javaScriptEnabled: false }, async (tab) => {
      assert.equal((await shown(tab)).length, expected.features);
      assert.equal(await tab.locator("#c-controls").isVisible(), false);
      assert.match(await tab.locator("noscript").innerText(), /Scripts are off/);
      await fits(tab);
      await tab.getByText("Русский").click();
      assert.match(await tab.locator("h1").innerText(), /портал/);
      assert.match(await tab.locator("noscript").innerText(), /Скрипты отключены/);
      await fits(tab);
      await tab.locator("#c-groups a", { hasText: /^REST 33$/ }).click();
      await tab.waitForURL(/#rest-33$/);
      const row = tab.locator('[id="message.system"]');
      assert.match(await row.innerText(), /REST revision 33 or newer and the imbot\.v2 API/);
      await row.locator("summary").click();
      assert.equal(await row.locator("details code").first().isVisible(), true);
    });
  }
  // axe is a script, so a page without scripts is the same page without its script.
  check(`${width}, before its script`, page, { viewport }, async (tab) => {
    await tab.setContent(readFileSync(pagePath, "utf8").replace(/<script>[^]*<\/script>/, ""));
    await thin(tab);
    await violations(tab);
  });
}

check("the first view answers", page + "?rest=33", { viewport: widths.phone }, async (tab) => {
  const box = await tab.locator("#c-answer").boundingBox();
  assert.ok(box.y + box.height <= widths.phone.height, `the answer ends at ${box.y + box.height}`);
  const { yes, no } = expected.at33;
  assert.equal(await text(tab, "c-answer"), `REST 33, with imbot.v2. Features: it has ${yes} and lacks ${no}.`);
});

check("keyboard alone", page, {}, async (tab) => {
  const press = (...keys) => keys.reduce((before, key) => before.then(() => tab.keyboard.press(key)), Promise.resolve());
  const focused = () => tab.evaluate(() => document.activeElement.id);
  await press("Tab");
  assert.equal(await tab.evaluate(() => document.activeElement.className), "skip");
  await press("Tab");
  assert.equal(await focused(), "c-en");
  await press("ArrowRight");
  assert.match(await tab.locator("h1").innerText(), /портал/);
  await press("ArrowLeft", "Tab", "Tab");
  assert.equal(await focused(), "c-rest");
  await tab.keyboard.type("33");
  await press("Enter");
  assert.match(await text(tab, "c-answer"), /^REST 33/);
  await tab.waitForURL(/\?lang=en&rest=33$/);
  const tabUntil = async (there) => {
    for (let presses = 0; presses < 200; presses += 1) {
      if (await tab.evaluate(there)) return;
      await press("Tab");
    }
    assert.fail(`Tab does not lead to ${there}`);
  };
  await tabUntil(() => document.activeElement.id === "c-search");
  await tab.keyboard.type("token rotation");
  assert.ok((await shown(tab)).includes("bot.token_rotation"));
  await press("Tab", "Tab", "ArrowRight", "ArrowRight");
  await tab.waitForURL(/show=no/);
  assert.deepEqual((await shown(tab)).includes("bot.token_rotation"), true);
  await press("Tab", "Enter");
  assert.equal(await tab.locator("#c-more").getAttribute("open"), "");
  await tabUntil(() => document.activeElement.name === "kind");
  await press("Space");
  await tab.waitForURL(/kind=new/);
  // On to the row: its link, then its details.
  await tabUntil(() => document.activeElement.hash === "#bot.token_rotation");
  await press("Enter");
  await tab.waitForURL(/#bot\.token_rotation$/);
  await tabUntil(() => document.activeElement.matches("summary") && document.activeElement.closest("tr")?.id === "bot.token_rotation");
  await press("Enter");
  assert.equal(await tab.locator('[id="bot.token_rotation"] details').getAttribute("open"), "");
});

check("an address says what is shown", page + "?rest=33&q=token&show=no&kind=new&lang=ru", {}, async (tab) => {
  assert.equal(await tab.locator("#c-search").inputValue(), "token");
  assert.equal(await tab.locator("[name=show][value=no]").isChecked(), true);
  assert.equal(await tab.locator("[name=kind][value=new]").isChecked(), true);
  assert.equal(await tab.locator("#c-ru").isChecked(), true);
  const before = await shown(tab);
  await tab.reload();
  assert.deepEqual(await shown(tab), before);
  await tab.locator("#c-clear").click();
  await tab.waitForURL(/\?q=token&kind=new&lang=ru$/);
});

check("a permalink shows its row", page + "?q=nothing-like-this#message.system", {}, async (tab) => {
  assert.deepEqual(await shown(tab), ["message.system"]);
  const [row, head] = await tab.evaluate(() => [
    document.getElementById("message.system").getBoundingClientRect().top,
    document.querySelector("#c-table thead th").getBoundingClientRect().bottom,
  ]);
  assert.ok(row >= head - 1, `the row begins at ${row}, the head ends at ${head}`);
});

check("wrong input says what to do", page + "?rest=new", {}, async (tab) => {
  assert.equal(await text(tab, "c-answer"), "A REST revision is a whole number, such as 33.");
  assert.equal(await tab.locator("#c-rest").getAttribute("aria-invalid"), "true");
  await tab.locator("#c-rest").fill("33");
  await tab.locator("#c-im").fill("25.1300.0");
  await tab.locator("#c-im").press("Enter");
  assert.match(await text(tab, "c-answer"), /do not go together/);
});

for (const javaScriptEnabled of [true, false]) {
  check(`print, scripts ${javaScriptEnabled}`, page, { javaScriptEnabled }, async (tab) => {
    await tab.emulateMedia({ media: "print" });
    for (const id of ["c-portal", "c-filter", "c-groups"]) {
      assert.equal(await tab.locator("#" + id).isVisible(), false, id);
    }
    const code = tab.locator('[id="message.system"] details code').first();
    assert.ok((await code.boundingBox()).height > 0, "closed details are printed");
    const pdf = await tab.pdf({ preferCSSPageSize: true });
    assert.equal(pdf.subarray(0, 5).toString(), "%PDF-");
    if (javaScriptEnabled) console.log(`PDF: ${pdf.length} bytes`);
  });
}

check("text of an overlay is text", pathToFileURL(hostilePath).href + "?rest=33", {}, async (tab) => {
  const row = tab.locator('[id="hostile.row"]');
  await row.locator("summary").click();
  const words = await row.innerText();
  for (const text of expected.hostile) assert.ok(words.includes(text), `${text} is not in ${words}`);
  assert.equal(await tab.locator("img, iframe, object, form[action], [onerror], [onmouseover]").count(), 0);
  assert.equal(await tab.locator("script").count(), 1);
  assert.equal(await tab.evaluate(() => window.hostile), undefined);
  const schemes = await tab.locator("a").evaluateAll((links) => [...new Set(links.map((link) => link.protocol))].sort());
  assert.deepEqual(schemes, ["file:", "https:"]);
  // The hostile row is the first.
  await thin(tab);
  await violations(tab);
});

check("times", page + "?rest=33", {}, async (tab) => {
  const loaded = await tab.evaluate(() => performance.getEntriesByType("navigation")[0].domContentLoadedEventEnd);
  const filtered = await tab.evaluate(() => {
    const search = document.getElementById("c-search");
    const start = performance.now();
    search.value = "token";
    search.dispatchEvent(new InputEvent("input", { bubbles: true }));
    document.body.getBoundingClientRect();
    return performance.now() - start;
  });
  console.log(`DOMContentLoaded after ${loaded.toFixed(0)} ms, first filter in ${filtered.toFixed(0)} ms`);
});

// Two at a time.
await Promise.all([1, 2].map(async () => {
  for (let own = waiting.shift(); own; own = waiting.shift()) await run(...own);
}));
await browser.close();
for (const failure of failures) console.error(failure);
console.log(`${checks} checks, ${failures.length} failed`);
process.exitCode = failures.length === 0 ? 0 : 1;
