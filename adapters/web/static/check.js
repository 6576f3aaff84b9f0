// The page "Prüfen": reads the log and what a process has published, and then checks it by the rules of proof.js. All is
// read before anything is checked: then the network may be switched off. Nothing is kept unless the reader says so.
"use strict";

const KEPT = "werdegang-kept";
const AT_ONCE = 6;
const LONGEST = 64 * 2 ** 20; // bytes of an answer
const MOST = 2 ** 20; // entries of a log: more of them does no browser hold
const MOST_CHANGES = 100;
const PATIENCE = 60_000; // milliseconds for an answer
const CANNOT = new Set(["broken-off", "too-many", "no-webcrypto", "no-ed25519", "unreachable", "checkpoint-missing", "key-missing", "key-broken", "kept-broken", "entry-unknown"]);
const CANNOT_BY_POLICY = /^policy-/; // a policy of the reader that cannot be read
const KEYS_TOLD = new Set(["key-changed", "key-followed", "retired-key"]);
const REWRITTEN = new Set(["not-consistent", "truncated"]);

const part = (id) => document.getElementById(id);
const page = part("checking");
const words = JSON.parse(part("words").textContent);
const say = (code, parameters = {}) => (words[code] ?? code).replace(/{(\w+)}/g, (all, name) => parameters[name] ?? all);
const LOG = new URL(".", part("served").href); // where the files of the log lie: an archive may stand in any folder
const TIME = { day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit", timeZoneName: "short" };
const clock = new Intl.DateTimeFormat(document.documentElement.lang, { ...TIME, timeZone: page.dataset.zone });
const day = (instant) => clock.format(new Date(instant));

let read = null;
let report = null;

// ---- reading -----------------------------------------------------------------------------------------------------

async function get(path) {
  let reason;
  try {
    const answer = await fetch(new URL(path, LOG), { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
    if (answer.status === 404) return null;
    if (answer.ok) return await bodyOf(answer, path);
    reason = answer.status;
  } catch (error) {
    if (error instanceof Rejected) throw error;
    reason = error.message;
  }
  throw new Rejected("unreachable", { path, reason });
}

// The bytes of an answer, as long as they are not more than anything here may be.
async function bodyOf(answer, path) {
  const parts = [];
  let length = 0;
  for (const reader = answer.body.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) return joined(parts);
    parts.push(value);
    length += value.length;
    if (length > LONGEST) {
      await reader.cancel();
      throw new Rejected("too-long", { path });
    }
  }
}

async function text(path, missing) {
  const found = await get(path);
  if (found === null) throw new Rejected(missing, { path });
  return readAs(found, "note-broken", path);
}

function readAs(bytes, code, path) {
  try {
    return textOf(bytes);
  } catch {
    throw new Rejected(code, { path });
  }
}

// Reads many, some at a time.
async function many(count, load) {
  const found = Array(count);
  let next = 0;
  const worker = async () => {
    while (next < count) {
      const n = next++;
      found[n] = await load(n);
      progress("reading", n, count);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return found;
}

// c2sp.org/tlog-tiles, "Partial Tiles": a bundle that is not full may be gone when the full one is there.
async function bundle(n, width) {
  const path = bundlePath(n, width);
  const found = await get(path);
  if (found !== null) return entriesOf(found, width, path);
  const full = width < WIDTH ? await get(bundlePath(n)) : null;
  if (full === null) throw new Rejected("bundle-missing", { path });
  return entriesOf(full, WIDTH, bundlePath(n)).slice(0, width);
}

async function contentsOf(n) {
  const path = `contents/${page.dataset.process}/${n}.jsonl`;
  const found = await get(path);
  const lines = found === null ? [] : readAs(found, "contents-broken", path).split("\n").filter(Boolean);
  return lines.map((line) => {
    try {
      const { index, recorded_at: at, content } = parseJson(line);
      if (!Number.isSafeInteger(index) || typeof at !== "string") throw new SyntaxError(line);
      return { index, at, content };
    } catch {
      throw new Rejected("contents-broken", { path });
    }
  });
}

// What was erased by an entry newer than the checkpoint that was read came in between: then all is read once more.
async function readAll(tries = 3) {
  const key = await text("vkey", "key-missing");
  const checkpoint = await text("checkpoint", "checkpoint-missing");
  const about = await text("about.json", "checkpoint-missing");
  const found = await get("policy"); // c2sp.org/tlog-policy; a log need not have witnesses
  const policy = found === null ? null : bytewise(found);
  const changes = await changesOf(about);
  const first = { key, checkpoint, policy, changes, at: Date.now(), shown: Number(page.dataset.shown) };
  if (!(await isBelieved(first, trusted()))) return { ...first, bundles: [], contents: new Map(), believed: false };
  const size = sizeOf(checkpoint);
  if (size > MOST) throw new Rejected("too-many", { size, most: MOST });
  const bundles = await many(Math.ceil(size / WIDTH), (n) => bundle(n, Math.min(WIDTH, size - n * WIDTH)));
  const process = idOf(about);
  const mine = bundles.flat().filter((entry) => isOf(entry, process)).length;
  const lines = (await many(Math.ceil(mine / WIDTH), contentsOf)).flat();
  const contents = new Map(lines.map(({ index, content }) => [index, content]));
  const shownAt = new Map(lines.map(({ index, at }) => [index, at]));
  const overtaken = [...contents.values()].some((content) => Number.isSafeInteger(content?.erased?.by) && content.erased.by >= size);
  if (overtaken && tries > 1) return readAll(tries - 1);
  const later = sizeOf(await text("checkpoint", "checkpoint-missing"));
  return { ...first, bundles, process, contents, shownAt, later, believed: true };
}

function sizeOf(checkpoint) {
  return parseCheckpoint(checkpoint.slice(0, checkpoint.lastIndexOf("\n\n") + 1)).size;
}

// Names in a policy are bytes, of which none may be lost: what is no UTF-8 is read byte by byte.
function bytewise(bytes) {
  try {
    return textOf(bytes);
  } catch {
    return new TextDecoder("latin1").decode(bytes);
  }
}

// Where the log is said to have changed its key: what the entries say, and the receipts that lead to them.
async function changesOf(about) {
  let places;
  try {
    places = parseJson(about).keys.slice(1, MOST_CHANGES).map(({ first_size }) => first_size - 1);
  } catch {
    return [];
  }
  return many(places.length, async (n) => {
    const [proof, content] = [await get(`proof/${places[n]}.tlog-proof`), await get(`content/${places[n]}.json`)];
    return { index: places[n], proof: proof && bytewise(proof), content: content && bytewise(content) };
  });
}

// Which id stands for the process in the log is the server's word; the name in its first entry says whose it is.
function idOf(about) {
  try {
    return parseJson(about).processes[page.dataset.process];
  } catch {
    throw new Rejected("process-missing");
  }
}

function isOf(entry, process) {
  try {
    return parseLeaf(entry).process === process;
  } catch {
    return false;
  }
}

// ---- what the reader keeps ---------------------------------------------------------------------------------------

function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEPT)) ?? {};
  } catch {
    return {};
  }
}

// A policy that was served and kept is compared with, and one that the reader had from elsewhere goes on to count.
function trusted() {
  const { key, checkpoint, policy, own, at } = kept();
  const pasted = part("policy").value.trim() ? part("policy").value : null;
  return {
    key: part("key").value.trim() || key,
    kept: part("kept").value || checkpoint,
    since: part("kept").value ? null : at,
    policy: pasted ?? (own ? policy : null),
    before: policy,
  };
}

// What would be kept of a report: the newest key, and a policy of the reader before that of the server. Where the policy
// names the key of the log, it names from now on those that followed, too.
function keepable({ checkpoint, key, keys, policy, own }) {
  const newer = own && policy.logs.length ? keys.filter(({ text }) => !policy.logs.some((log) => log.text === text)) : [];
  const more = newer.map(({ text }) => `\nlog ${text}`).join("");
  return { checkpoint: checkpoint.note, key: key.text, policy: policy && policy.text + more, own };
}

function tellKept() {
  const { at, ...now } = kept();
  const size = now.checkpoint?.split("\n")[1];
  const told = now.policy ? "kept-here-policy" : "kept-here";
  part("kept-told").textContent = now.checkpoint ? say(told, { size, when: day(at) }) : say("kept-nothing");
  part("forget").hidden = !now.checkpoint;
  const right = report && verdictOf(report) === "right";
  part("keep").hidden = !right || Object.entries(keepable(report)).every(([name, value]) => (now[name] ?? null) === value);
}

function save(name, content) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type: "text/plain" }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

// ---- telling -----------------------------------------------------------------------------------------------------

function progress(what, done, of) {
  part("progress").value = of ? done / of : 1;
  const told = say(what, { done: Math.round((100 * done) / (of || 1) / 10) * 10 });
  if (part("told").textContent !== told) part("told").textContent = told; // every tenth is said, not every entry
}

function verdictOf({ findings }) {
  if (!findings.length) return "right";
  return findings.every(({ code }) => CANNOT.has(code) || CANNOT_BY_POLICY.test(code)) ? "cannot" : "wrong";
}

// Instants are told as days and times on the clocks of the process, and parts of an entry by what they are.
function worded({ code, parameters }) {
  const told = { ...parameters };
  for (const name of ["at", "before", "since", "told"]) if (INSTANT.test(told[name])) told[name] = exact(code, told[name]);
  if (told.part !== undefined) told.part = say(`part-${told.part || "whole"}`);
  return say(code, told);
}

// Where two times differ, it may be by less than a minute.
function exact(code, instant) {
  return code === "time-differs" || code === "time-runs-back" ? `${day(instant)} (${instant})` : day(instant);
}

function element(tag, content, type = "") {
  const made = document.createElement(tag);
  made.textContent = content;
  if (type) made.className = type;
  return made;
}

// Entries one after the other of which the same is to be told.
function runs(entries) {
  const found = [];
  for (const entry of entries) {
    if (found.at(-1)?.state === entry.state) found.at(-1).last = entry;
    else found.push({ state: entry.state, first: entry, last: entry });
  }
  return found;
}

function count(state) {
  return report.entries.filter((entry) => entry.state === state).length;
}

function details() {
  const { checkpoint, key, quorum, findings, notes, entries } = report;
  return [
    `${location.origin}${location.pathname}`,
    say(`verdict-${verdictOf(report)}`),
    ...(checkpoint ? [checkpoint.note.trimEnd(), `key: ${key.text}`] : []),
    ...(quorum ? [worded(quorum)] : []),
    ...[...findings, ...notes].map((each) => `[${each.code}] ${worded(each)}`),
    ...runs(entries).map(({ state, first, last }) => `${first.number}-${last.number}: ${state}`),
  ].join("\n");
}

function tell() {
  const verdict = verdictOf(report);
  const { checkpoint, quorum, findings, notes, entries, name } = report;
  const counts = { opened: count("verified") + count("erased"), sealed: count("sealed"), erased: count("erased") };
  counts.wrong = entries.length - counts.opened - counts.sealed;
  const summary = [say(`verdict-${verdict}`)];
  const chosen = entries.find(({ number }) => String(number) === part("number").value.trim());
  if (chosen) {
    summary.push(say("about-entry", { ...chosen, state: say(`state-${chosen.state}`), at: day(chosen.at), erased: "" }));
  }
  if (checkpoint && entries.length) {
    const told = counts.wrong ? "counts-wrong" : "counts";
    summary.push(say(told, { ...counts, size: checkpoint.size, name: name ?? "–" }));
  }
  if (report.fits) summary.push(say(report.since ? "fits-since" : "fits", { size: report.kept.size, when: report.since && day(report.since) }));
  if (quorum) summary.push(worded(quorum));
  const level = { right: "success", wrong: "danger", cannot: "warning" }[verdict];
  part("verdict").className = `kern-alert kern-alert--${level}`;
  part("verdict").dataset.verdict = verdict;
  part("sign").className = `kern-icon kern-icon--${level}`;
  part("verdict-title").textContent = summary[0];
  part("summary").replaceChildren(...summary.slice(1).map((line) => element("p", line, "kern-body")));
  const said = (each) => {
    const line = element("li", worded(each));
    if (KEYS_TOLD.has(each.code)) line.append(" ", entryOfInstallation(each.parameters.number));
    return line;
  };
  part("findings").replaceChildren(...findings.map(said));
  part("notes").replaceChildren(...notes.map(said));
  part("proof").hidden = !findings.some(({ code }) => code === "two-views");
  part("rewritten").hidden = !part("proof").hidden || !findings.some(({ code }) => REWRITTEN.has(code));
  part("both").hidden = part("proof").hidden && part("rewritten").hidden;
  part("rows").replaceChildren(...runs(entries).map(row));
  part("details").textContent = details();
  if (report.key) for (const id of ["command-key", "command-key-again"]) part(id).textContent = report.key.text;
  for (const id of ["verdict", "result"]) part(id).hidden = false;
  part("told").textContent = [...summary, ...findings.map(worded)].join(" ");
  tellKept();
}

function entryOfInstallation(number) {
  const link = element("a", say("key-entry", { number }), "kern-link");
  link.href = new URL(`../${page.dataset.installation}/eintrag/${number}`, LOG).pathname;
  return link;
}

function row({ state, first, last }) {
  const made = element("tr", "", "kern-table__row");
  const both = (one, other) => (one === other ? `${one}` : say("upto", { one, other }));
  const cells = [both(first.number, last.number), say(`state-${state}`), both(first.index, last.index), both(day(first.at), day(last.at))];
  const heads = [...document.querySelectorAll("#entries th")].map((head) => head.textContent);
  cells.forEach((cell, at) => {
    const box = element(at ? "td" : "th", cell, at ? "kern-table__cell" : "kern-table__header");
    box.setAttribute("role", at ? "cell" : "rowheader");
    if (at) box.dataset.label = heads[at];
    else box.scope = "row";
    made.append(box);
  });
  made.setAttribute("role", "row");
  return made;
}

// ---- what the reader does ----------------------------------------------------------------------------------------

async function check(anew) {
  if (part("start").disabled) return; // one check at a time
  for (const id of ["start", "again"]) part(id).disabled = true;
  for (const id of ["verdict", "result", "keep"]) part(id).hidden = true; // what was said before is not said of this one
  part("told").textContent = "";
  report = null;
  part("progress").value = 0;
  part("progress").hidden = false;
  try {
    const lacking = await inability();
    if (lacking) throw new Rejected(lacking);
    if (anew) read = await readAll();
    const { since, ...brought } = trusted();
    report = await checkLog(read, brought, (done) => progress("checking", done, read.bundles.length * WIDTH));
    report.since = since;
  } catch (error) {
    const known = error instanceof Rejected;
    const finding = known ? error : { code: "broken-off", parameters: { reason: `${error.name}: ${error.message}` } };
    report = { checkpoint: null, entries: [], notes: [], findings: [{ code: finding.code, parameters: finding.parameters }] };
    if (!known) console.error(error);
  } finally {
    part("progress").hidden = true;
    for (const id of ["start", "again"]) part(id).disabled = false;
  }
  const number = part("number").value.trim();
  if (number && report.entries.length && !report.entries.some((entry) => String(entry.number) === number)) {
    report.findings.push({ code: "entry-unknown", parameters: { number } });
  }
  part("again").hidden = !read?.believed;
  tell();
}

part("start").addEventListener("click", () => check(true));
part("again").addEventListener("click", () => check(false));
part("number").addEventListener("keydown", (event) => event.key === "Enter" && check(true));
part("file").addEventListener("change", async ({ target }) => {
  part("kept").value = target.files.length ? await target.files[0].text() : "";
});
part("keep").addEventListener("click", () => {
  localStorage.setItem(KEPT, JSON.stringify({ ...keepable(report), at: new Date().toISOString() }));
  tellKept();
});
part("forget").addEventListener("click", () => {
  localStorage.removeItem(KEPT);
  tellKept();
});
part("save").addEventListener("click", () => save("log.checkpoint", report.checkpoint.note));
part("save-served").addEventListener("click", () => save("served.checkpoint", report.checkpoint.note));
part("save-kept").addEventListener("click", () => save("kept.checkpoint", report.kept.note));
part("copy").addEventListener("click", async () => {
  await navigator.clipboard.writeText(details());
  part("told").textContent = say("copied");
});

for (const place of document.querySelectorAll(".address")) place.textContent = LOG.href.replace(/\/$/, "");
const asked = /^#nr-([1-9][0-9]{0,14})$/.exec(location.hash);
if (asked) part("number").value = asked[1];
part("without-script").hidden = true;
page.hidden = false;
tellKept();
