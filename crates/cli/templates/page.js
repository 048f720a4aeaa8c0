"use strict";
// Search, filters and answers. All facts are read from the rows and from the table of revisions.
(() => {
  const get = (id) => document.getElementById("c-" + id);
  const table = get("table");
  const facts = table.dataset;
  const FIELDS = ["rest", "im", "imbot", "date", "from", "to"];
  const WORDS = {
    yes: ["✓ has it", "✓ есть"],
    no: ["✕ lacks it", "✕ нет"],
    unknown: ["? not known", "? неизвестно"],
  };

  // An element with a text in each language of the page.
  const both = (tag, [english, russian], name) => {
    const element = document.createElement(tag);
    if (name) element.className = name;
    for (const [language, text] of [["e", english], ["r", russian]]) {
      const part = document.createElement("span");
      part.className = language;
      if (language === "r") part.lang = "ru";
      part.textContent = text;
      element.append(part);
    }
    return element;
  };

  const groups = [...table.tBodies].map((body) => {
    const rows = [...body.rows].slice(1).map((element) => {
      const { s, u, c, v, k, q } = element.dataset;
      const last = u === undefined ? Infinity : u - 1;
      return { element, since: +s, last, other: c !== undefined, generation: +v, kind: k, confidence: q };
    });
    const head = body.rows[0].cells[0];
    const link = get("groups").querySelector(`[href="#${body.rows[0].id}"]`);
    return { body, head, link, rows };
  });
  const rows = groups.flatMap((group) => group.rows);
  const releases = [...get("releases").tBodies[0].rows]
    .map((row) => ({ ...row.dataset, rest: +row.dataset.rest }))
    .sort((a, b) => a.rest - b.rest);

  // Versions as numbers, compared part by part.
  const version = (text) => {
    if (!/^\d{1,6}(\.\d{1,6}){0,2}$/.test(text)) return null;
    const parts = text.split(".").map(Number);
    return [parts[0], parts[1] ?? 0, parts[2] ?? 0];
  };
  const compare = (a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
  const isAtLeast = (own, text) => compare(own, version(text)) >= 0;
  const isAtMost = (own, text) => compare(own, version(text)) <= 0;

  const v2 = { rest: +facts.rest, get: +facts.revisionGetRest };

  const restOfVersion = (im) => {
    const seen = releases.filter((release) => release.first);
    const from = seen.filter((release) => isAtLeast(im, release.first)).at(-1);
    const to = seen.find((release) => isAtMost(im, release.last));
    return [from?.rest ?? 0, to?.rest ?? Infinity];
  };
  const restOfDay = (day) => {
    const from = releases.filter((release) => release.seen && release.seen <= day).at(-1);
    const to = releases.find((release) => release.published && release.published > day);
    return [from?.rest ?? 0, to ? to.rest - 1 : Infinity];
  };
  const generationOf = (imbot) => [
    isAtLeast(imbot, facts.revisionGet) ? 2 : isAtLeast(imbot, facts.present) ? 1 : 0,
    isAtMost(imbot, facts.absent) ? 0 : isAtMost(imbot, facts.revisionGetAbsent) ? 1 : 2,
  ];

  // What the fields say of a portal: its REST revision and its generation of imbot.v2, each from least to most.
  const knowledge = ({ rest, im, imbot, date }) => {
    const known = { rest: [0, Infinity], imbot: [0, 2] };
    const bound = ([least, most]) => {
      known.rest = [Math.max(known.rest[0], least), Math.min(known.rest[1], most)];
    };
    if (rest !== null) bound([rest, rest]);
    if (im !== null) bound(restOfVersion(im));
    if (date !== null) bound(restOfDay(date));
    if (imbot !== null) known.imbot = generationOf(imbot);
    // A revision and a day count for the whole portal. A version of im says nothing about imbot.
    else if ((rest !== null || date !== null) && known.rest[0] >= v2.get) known.imbot = [2, 2];
    if (known.rest[1] < v2.rest && known.imbot[0] === 0) known.imbot = [0, 0];
    if (known.imbot[0] > 0 && known.rest[1] >= v2.rest) known.rest[0] = Math.max(known.rest[0], v2.rest);
    return known;
  };

  const answer = (row, known) => {
    const [least, most] = row.other ? [0, Infinity] : known.rest;
    if (least >= row.since && most <= row.last && known.imbot[0] >= row.generation) return "yes";
    const never = row.since > row.last;
    if (most < row.since || least > row.last || known.imbot[1] < row.generation || never) return "no";
    return "unknown";
  };

  const inWords = ({ rest: [least, most], imbot: [old, young] }) => {
    let revision = ["REST revision not known", "Ревизия REST неизвестна"];
    if (least === most) revision = [`REST ${least}`, `REST ${least}`];
    else if (most === Infinity && least > 0) revision = [`REST ${least} or newer`, `REST ${least} или новее`];
    else if (most !== Infinity && least === 0) revision = [`REST ${most} or older`, `REST ${most} или старее`];
    else if (most !== Infinity) revision = [`REST ${least} to ${most}`, `REST от ${least} до ${most}`];
    let api = [", imbot.v2 not known", ", imbot.v2: неизвестно"];
    if (young === 0) api = [", without imbot.v2", ", без imbot.v2"];
    else if (old === 1 && young === 1) api = [", imbot.v2 without Revision.get", ", imbot.v2 без Revision.get"];
    else if (old > 0) api = [", with imbot.v2", ", с imbot.v2"];
    return [revision[0] + api[0], revision[1] + api[1]];
  };

  // The state of the page: what the address says.
  const params = new URLSearchParams(location.search);
  const forms = { portal: get("portal"), compare: get("compare"), filter: get("filter") };
  const filter = forms.filter.elements;

  const wrong = {
    rest: ["A REST revision is a whole number, such as 33.", "Ревизия REST — целое число, например 33."],
    im: ["A version of module im looks like 25.1300.0.", "Версия модуля im выглядит так: 25.1300.0."],
    imbot: ["A version of module imbot looks like 26.50.0.", "Версия модуля imbot выглядит так: 26.50.0."],
    date: ["A date looks like 2026-03-01.", "Дата выглядит так: 2026-03-01."],
  };
  const read = (name, text) => {
    if (name === "im" || name === "imbot") return version(text);
    if (name === "date") {
      const day = /^\d{4}-\d\d-\d\d$/.test(text) ? new Date(text) : null;
      return day && !isNaN(day) && day.toISOString().startsWith(text) ? text : null;
    }
    return /^\d{1,5}$/.test(text) ? +text : null;
  };

  const say = (...parts) => get("answer").replaceChildren(...parts);

  // Fills the answers of all rows, and tells them in one sentence.
  const ask = () => {
    const given = {};
    const problems = [];
    for (const name of FIELDS) {
      const text = (params.get(name) ?? "").trim();
      given[name] = text === "" ? null : read(name, text);
      const bad = text !== "" && given[name] === null;
      if (bad) problems.push(both("p", wrong[name] ?? wrong.rest, "wrong"));
      // A browser's field for a date takes nothing else.
      get(name).value = bad && name === "date" ? "" : text;
      get(name).setAttribute("aria-invalid", bad);
    }
    const compares = given.from !== null && given.to !== null;
    if (!compares && problems.length === 0 && (given.from ?? given.to) !== null) {
      problems.push(both("p", ["Give both revisions.", "Укажите обе ревизии."], "wrong"));
    }
    const known = knowledge(given);
    if (!compares && known.rest[0] > known.rest[1]) {
      problems.push(both("p", ["These facts do not go together. Clear one of the fields.",
        "Эти сведения противоречат друг другу. Очистите одно из полей."], "wrong"));
    }
    const asks = ["rest", "im", "imbot", "date"].some((name) => given[name] !== null);
    const asked = problems.length === 0 && (compares || asks);
    table.classList.toggle("asked", asked);
    for (const { head } of groups) head.colSpan = asked ? 5 : 4;
    get("show").hidden = !asked || compares;
    for (const row of rows) {
      row.answer = row.differs = undefined;
      row.element.classList.remove("has");
    }
    if (!asked) return say(...problems);
    const column = compares
      ? [`REST ${given.from} → ${given.to}`, `REST ${given.from} → ${given.to}`]
      : ["On this portal", "На этом портале"];
    get("column").replaceChildren(both("span", column));
    if (compares) return difference(given.from, given.to);

    const count = { yes: 0, no: 0, unknown: 0 };
    for (const row of rows) {
      row.answer = answer(row, known);
      count[row.answer] += 1;
      row.element.classList.toggle("has", row.answer === "yes");
      cell(row).replaceChildren(both("span", WORDS[row.answer], "v " + row.answer));
    }
    const { yes, no, unknown } = count;
    const words = inWords(known);
    const result = both("p", [
      `${words[0]}. Features: it has ${yes} and lacks ${no}${unknown ? `; ${unknown} are not known` : ""}.`,
      `${words[1]}. Возможности: есть ${yes}, нет ${no}${unknown ? `, неизвестно ${unknown}` : ""}.`,
    ]);
    say(result, ...advice(known, unknown, given));
  };

  const advice = (known, unknown, given) => {
    if (unknown === 0) return [];
    if (given.imbot === null && known.imbot[0] !== known.imbot[1]) {
      return [both("p", [
        "Features of imbot.v2 depend on module imbot, which is updated by itself. Give its version.",
        "Возможности imbot.v2 зависят от модуля imbot, который обновляется отдельно. Укажите его версию.",
      ])];
    }
    return [both("p", [
      "Ask the portal for its revision to know the rest.",
      "Чтобы узнать остальное, запросите ревизию у портала.",
    ])];
  };

  const difference = (from, to) => {
    const [before, after] = [from, to].map((rest) => knowledge({ rest, im: null, imbot: null, date: null }));
    const count = { gained: 0, lost: 0, perhaps: 0 };
    for (const row of rows) {
      const [old, young] = [answer(row, before), answer(row, after)];
      row.differs = old !== young;
      if (!row.differs) {
        cell(row).replaceChildren();
        continue;
      }
      const kind = young === "unknown" || old === "unknown" ? "perhaps" : young === "yes" ? "gained" : "lost";
      count[kind] += 1;
      row.element.classList.toggle("has", young === "yes");
      const verdict = {
        gained: ["gained", "появилось"], lost: ["lost", "пропало"], perhaps: ["perhaps changed", "возможно, изменилось"],
      }[kind];
      cell(row).replaceChildren(
        both("p", verdict),
        both("span", WORDS[old], "v " + old), " → ", both("span", WORDS[young], "v " + young),
      );
    }
    const { gained, lost, perhaps } = count;
    say(both("p", [
      `From REST ${from} to ${to}. Features: ${gained} gained, ${lost} lost${perhaps ? `, ${perhaps} perhaps changed` : ""}.`,
      `С REST ${from} по ${to}. Возможности: появилось ${gained}, пропало ${lost}${perhaps ? `, возможно, изменилось ${perhaps}` : ""}.`,
    ]), ...(perhaps === 0 ? [] : [both("p", [
      `REST ${v2.rest} exists with and without imbot.v2.`,
      `REST ${v2.rest} бывает с imbot.v2 и без него.`,
    ])]));
  };

  const cell = (row) => row.element.querySelector("td.a");

  // The texts are collected at the first search.
  const textOf = (row) => row.text ??= row.element.textContent.toLowerCase();
  const namesOf = (row) => row.names ??= [...row.element.querySelectorAll(".n code")].map((code) => code.textContent);
  const namesMethod = (row, wanted) => namesOf(row).some((name) => {
    const own = name.toLowerCase();
    return own.includes(wanted) || (own.endsWith(".*") && wanted.startsWith(own.slice(0, -1)));
  });

  const narrow = () => {
    const words = (params.get("q") ?? "").toLowerCase().split(/\s+/).filter(Boolean);
    const method = (params.get("method") ?? "").trim().toLowerCase();
    const kinds = params.getAll("kind");
    const confidences = params.getAll("confidence");
    const show = params.get("show") ?? "";
    // A permalink shows its row, whatever the filters say.
    const target = location.hash.slice(1);
    let count = 0;
    for (const { body, link, rows } of groups) {
      let shown = 0;
      for (const row of rows) {
        const fits = (row.differs ?? true)
          && (show === "" || row.answer === undefined || row.answer === show)
          && (kinds.length === 0 || kinds.includes(row.kind))
          && (confidences.length === 0 || confidences.includes(row.confidence))
          && (method === "" || namesMethod(row, method))
          && words.every((word) => textOf(row).includes(word));
        row.element.hidden = !fits && row.element.id !== target;
        if (!row.element.hidden) shown += 1;
      }
      body.hidden = link.hidden = shown === 0;
      count += shown;
    }
    get("none").hidden = count > 0;
    get("count").replaceChildren(both("span", [
      `${count} of ${rows.length} features are shown.`,
      `Показано возможностей: ${count} из ${rows.length}.`,
    ]));
  };

  // The address always says what is shown, so that it can be sent to somebody.
  const keep = () => {
    for (const name of [...params.keys()]) if (params.get(name) === "") params.delete(name);
    const query = params.toString();
    history.replaceState(null, "", location.pathname + (query && "?" + query) + location.hash);
  };
  const take = (form, names) => {
    const data = new FormData(form);
    for (const name of names) {
      params.delete(name);
      for (const value of data.getAll(name)) params.append(name, value);
    }
  };
  const update = () => {
    keep();
    ask();
    narrow();
  };

  forms.portal.addEventListener("submit", (event) => {
    event.preventDefault();
    take(forms.portal, FIELDS.slice(0, 4));
    params.delete("from");
    params.delete("to");
    update();
  });
  forms.compare.addEventListener("submit", (event) => {
    event.preventDefault();
    take(forms.compare, ["from", "to"]);
    for (const name of [...FIELDS.slice(0, 4), "show"]) params.delete(name);
    filter.show.value = "";
    update();
  });
  get("clear").addEventListener("click", () => {
    for (const name of [...FIELDS, "show"]) params.delete(name);
    filter.show.value = "";
    update();
    get("rest").focus();
  });
  forms.filter.addEventListener("submit", (event) => event.preventDefault());
  forms.filter.addEventListener("input", () => {
    take(forms.filter, ["q", "method", "kind", "confidence", "show"]);
    keep();
    narrow();
  });
  for (const id of ["en", "ru"]) {
    get(id).addEventListener("change", () => {
      params.set("lang", id);
      keep();
    });
  }
  addEventListener("hashchange", narrow);

  // The names for the filter by method.
  get("method").addEventListener("focus", () => {
    const names = [...new Set(rows.flatMap(namesOf))].sort();
    get("methods").replaceChildren(...names.map((name) => {
      const option = document.createElement("option");
      option.value = name;
      return option;
    }));
  }, { once: true });

  const language = params.get("lang");
  if (language === "ru" || language === "en") get(language).checked = true;
  filter.q.value = params.get("q") ?? "";
  filter.method.value = params.get("method") ?? "";
  const tick = (boxes, names) => {
    for (const box of boxes) box.checked = names.includes(box.value);
  };
  tick(forms.filter.querySelectorAll("[name=kind]"), params.getAll("kind"));
  tick(forms.filter.querySelectorAll("[name=confidence]"), params.getAll("confidence"));
  tick(forms.filter.querySelectorAll("[name=show]"), [params.get("show") ?? ""]);
  get("more").open = params.has("kind") || params.has("confidence");
  get("controls").hidden = false;
  ask();
  narrow();
})();
