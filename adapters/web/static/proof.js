// The rules by which a transparency log of Werdegang is checked in the reader's own browser: bytes and texts go in,
// findings come out. Nothing here asks a server or knows a page. /log/verify.py is the reference for every rule.
"use strict";

// What was read is not what it should be: a stable code, and parameters for its message.
class Rejected extends Error {
  constructor(code, parameters = {}) {
    super(code);
    this.code = code;
    this.parameters = parameters;
  }
}

// ---- bytes -------------------------------------------------------------------------------------------------------

const bytesOf = (text) => new TextEncoder().encode(text);
const textOf = (bytes) => new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
const same = (one, other) => one.length === other.length && one.every((byte, at) => byte === other[at]);
const hexOf = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const base64Of = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
const base64urlOf = (bytes) => base64Of(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

// From the one way to write these bytes: what is written otherwise is not read (RFC 4648, 3.5).
function fromBase64(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  if (base64Of(bytes) !== text) throw new SyntaxError("not the one way to write these bytes");
  return bytes;
}

function joined(parts) {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const sha256 = async (...parts) => new Uint8Array(await crypto.subtle.digest("SHA-256", joined(parts)));

// ---- the tree: RFC 6962, 2.1 -------------------------------------------------------------------------------------

const WIDTH = 256; // c2sp.org/tlog-tiles: entries in a full bundle
const leafHash = (entry) => sha256([0], entry);
const nodeHash = (left, right) => sha256([1], left, right);

// The root over a power of two of hashes, row by row.
async function subtree(hashes) {
  let row = hashes;
  while (row.length > 1) {
    const above = [];
    for (let at = 0; at < row.length; at += 2) above.push(nodeHash(row[at], row[at + 1]));
    row = await Promise.all(above);
  }
  return row[0];
}

// A tree is kept as the roots of its largest full subtrees from left to right: that is all it takes to append.
async function append(peaks, hash, level = 0) {
  while (peaks.length && peaks.at(-1).level === level) {
    hash = await nodeHash(peaks.pop().hash, hash);
    level += 1;
  }
  peaks.push({ level, hash });
}

async function appendAll(peaks, hashes) {
  if (hashes.length === WIDTH) await append(peaks, await subtree(hashes), 8);
  else for (const hash of hashes) await append(peaks, hash);
}

async function rootOf(peaks) {
  if (!peaks.length) return sha256(); // the empty tree
  let root = peaks.at(-1).hash;
  for (const { hash } of peaks.slice(0, -1).reverse()) root = await nodeHash(hash, root);
  return root;
}

// ---- bundles of entries: c2sp.org/tlog-tiles, "Log Entries" -------------------------------------------------------

// Where a bundle lies: groups of three digits, all but the last with an x; one that is not full says how wide it is.
function bundlePath(n, width = WIDTH) {
  const groups = [String(n % 1000).padStart(3, "0")];
  while ((n = Math.floor(n / 1000))) groups.unshift(`x${String(n % 1000).padStart(3, "0")}`);
  return `tile/entries/${groups.join("/")}${width < WIDTH ? `.p/${width}` : ""}`;
}

// The entries of a bundle that holds exactly so many, each after its length in two bytes.
function entriesOf(bundle, width, path = "") {
  const entries = [];
  let at = 0;
  while (at + 2 <= bundle.length) {
    const start = at + 2;
    at = start + bundle[at] * 256 + bundle[at + 1];
    entries.push(bundle.subarray(start, at));
  }
  if (at !== bundle.length || entries.length !== width) throw new Rejected("bundle-broken", { path });
  return entries;
}

// ---- keys, notes, checkpoints ------------------------------------------------------------------------------------

const ED25519 = 1;
const COSIGNATURE = 4; // c2sp.org/tlog-cosignature: Ed25519, with the time of signing
const LATEST = 253_402_300_799n; // the last second of the year 9999: who signs later does not sign a time
const MOST_SIGNATURES = 100;
const KEY_NAME = /^[^\s\u0085+]+$/;
const SIGNATURE = /^— ([^\s\u0085+]+) (\S+)$/;
const CONTROL = /[\u0000-\u0009\u000b-\u001f]/;
const SIZE = /^(0|[1-9][0-9]{0,14})$/; // more than a number of this language can tell exactly is no log

// The key of a "vkey": c2sp.org/signed-note, "Verifier Keys".
async function parseKey(vkey, kind = ED25519) {
  try {
    const [, name, id, encoded] = /^([^+]*)\+([^+]*)\+([^]*)$/.exec(vkey.trim());
    const data = fromBase64(encoded);
    const known = (await sha256(bytesOf(`${name}\n`), data)).subarray(0, 4);
    const fits = data[0] === kind && data.length === 33 && KEY_NAME.test(name) && hexOf(known) === id;
    if (fits) return { name, id: known, bytes: data.subarray(1), text: vkey.trim() };
  } catch {
    // said below, as whatever else is no key
  }
  throw new Rejected("key-broken", { key: vkey });
}

// RFC 8032. Whether this browser can is asked before (`inability`).
async function isSigned(key, signature, text) {
  try {
    const known = await crypto.subtle.importKey("raw", key.bytes, "Ed25519", false, ["verify"]);
    return await crypto.subtle.verify("Ed25519", known, signature, bytesOf(text));
  } catch {
    return false; // no point of the curve, or no signature by its length
  }
}

// What this browser lacks to check anything; nothing, as a rule.
async function inability() {
  if (!globalThis.crypto?.subtle) return "no-webcrypto";
  try {
    await crypto.subtle.importKey("raw", new Uint8Array(32).fill(1, 0, 1), "Ed25519", false, ["verify"]);
    return null;
  } catch {
    return "no-ed25519";
  }
}

// The text of a note, and the signatures that are said to be of these keys (c2sp.org/signed-note); others are passed over.
function signaturesOf(note, keys) {
  const end = note.lastIndexOf("\n\n");
  const lines = note.slice(end + 2);
  const listed = lines.replace(/\n$/, "").split("\n");
  if (end < 0 || !lines.endsWith("\n") || listed.length > MOST_SIGNATURES || CONTROL.test(note)) {
    throw new Rejected("note-broken");
  }
  const found = [];
  for (const line of listed) {
    let name, signature;
    try {
      [, name, signature] = SIGNATURE.exec(line);
      signature = fromBase64(signature);
    } catch {
      throw new Rejected("note-broken");
    }
    if (signature.length < 5) throw new Rejected("note-broken");
    const key = keys.find((each) => each.name === name && same(signature.subarray(0, 4), each.id));
    if (key) found.push([key, signature.subarray(4)]);
  }
  return [note.slice(0, end + 1), found];
}

// The text of a note, and which of the keys signed it, in their order: at least one did, and none of them badly.
async function openNote(note, keys) {
  const [text, signatures] = signaturesOf(note, keys);
  for (const [key, signature] of signatures) {
    if (!(await isSigned(key, signature, text))) throw new Rejected("signature-bad", { name: key.name });
  }
  const names = [...new Set(keys.map(({ name }) => name))].sort().join(", ");
  if (!signatures.length) throw new Rejected("signature-missing", { names });
  return [text, keys.filter((key) => signatures.some(([signer]) => signer === key))];
}

// c2sp.org/tlog-checkpoint: name, size, root; lines after these are extensions, which nobody has to know.
function parseCheckpoint(text) {
  const lines = text.split("\n");
  const end = lines.pop();
  const [origin, size, encoded] = lines;
  try {
    const root = fromBase64(encoded);
    if (!end && lines.every(Boolean) && SIZE.test(size) && root.length === 32) {
      return { origin, size: Number(size), root };
    }
  } catch {
    // said below
  }
  throw new Rejected("checkpoint-broken");
}

// A checkpoint that the log signed of which it speaks: the name of the key is the name of the log.
async function openCheckpoint(note, keys) {
  const [text, signers] = await openNote(note, keys);
  const checkpoint = parseCheckpoint(text);
  const names = signers.map(({ name }) => name);
  if (!names.includes(checkpoint.origin)) {
    throw new Rejected("origin-differs", { expected: names.sort().join(", "), found: checkpoint.origin });
  }
  return { ...checkpoint, note };
}

// ---- witnesses: c2sp.org/tlog-cosignature, c2sp.org/tlog-policy --------------------------------------------------

const POLICY_CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f]/;
const NO_QUORUM = "none";

// A policy: which logs are believed, and which of whose witnesses have to sign along. What is wrong is told by its line.
async function parsePolicy(text) {
  const logs = [];
  const witnesses = new Map(); // name → key
  const groups = new Map(); // name → how many of its members are enough, and which these are
  const members = new Set();
  let quorum = null;
  let line = 0;
  const require = (right, code, parameters = {}) => {
    if (!right) throw new Rejected(code, { line, ...parameters });
  };
  const keyOf = async (vkey, kind, known) => {
    const key = await parseKey(vkey, kind).catch(() => null);
    require(key, "policy-key", { key: vkey });
    require(!known.some(({ bytes }) => same(bytes, key.bytes)), "policy-key-twice", { key: vkey });
    return key;
  };
  const isKnown = (name) => name === NO_QUORUM || witnesses.has(name) || groups.has(name);
  for (const content of text.split("\n")) {
    line += 1;
    require(!POLICY_CONTROL.test(content), "policy-characters");
    const [word, ...said] = content.split(/[ \t]+/).filter(Boolean);
    if (word === undefined || word.startsWith("#")) continue;
    if (word === "log" && (said.length === 1 || said.length === 2)) {
      logs.push(await keyOf(said[0], ED25519, logs));
    } else if (word === "witness" && (said.length === 2 || said.length === 3)) {
      require(!isKnown(said[0]), "policy-name-taken", { name: said[0] });
      witnesses.set(said[0], await keyOf(said[1], COSIGNATURE, [...witnesses.values()]));
    } else if (word === "group" && said.length >= 3) {
      const [name, given, ...those] = said;
      require(!isKnown(name), "policy-name-taken", { name });
      those.forEach((member, at) => {
        require(member !== NO_QUORUM && isKnown(member), "policy-name-unknown", { name: member });
        require(!members.has(member) && those.indexOf(member) === at, "policy-member-twice", { name: member });
      });
      const enough = { any: 1, all: those.length }[given] ?? (SIZE.test(given) ? Number(given) : 0);
      const possible = enough >= 1 && enough <= those.length;
      require(possible, "policy-threshold", { given, members: those.length });
      groups.set(name, { enough, members: those });
      those.forEach((member) => members.add(member));
    } else if (word === "quorum" && said.length === 1) {
      require(quorum === null, "policy-quorum-twice");
      require(isKnown(said[0]), "policy-name-unknown", { name: said[0] });
      quorum = said[0];
    } else {
      require(false, "policy-line");
    }
  }
  require(quorum !== null, "policy-quorum-missing");
  return { text, logs, witnesses, groups, quorum };
}

// Which witnesses of a policy cosigned a checkpoint, and when first, the first one first.
async function witnessedBy(note, { witnesses }) {
  const [text, signatures] = signaturesOf(note, [...witnesses.values()]);
  const first = new Map();
  for (const [key, signature] of signatures) {
    const time = signature.length === 72 ? new DataView(signature.slice(0, 8).buffer).getBigUint64(0) : 0n;
    const signed = await isSigned(key, signature.subarray(8), `cosignature/v1\ntime ${time}\n${text}`);
    if (!signed || time < 1n || time > LATEST) throw new Rejected("signature-bad", { name: key.name });
    if (!first.has(key) || time < first.get(key)) first.set(key, time);
  }
  return [...witnesses]
    .filter(([, key]) => first.has(key))
    .map(([name, key]) => ({ name, at: new Date(Number(first.get(key)) * 1000).toISOString() }))
    .sort((one, other) => Date.parse(one.at) - Date.parse(other.at));
}

// How the quorum of a policy stands when these witnesses have signed: whether it is met, of how many witnesses it is
// made, how many of them signed, and how many have to at least. Groups name only what stands before them.
function quorumOf(policy, names) {
  const standing = new Map([[NO_QUORUM, { met: true, of: 0, signed: 0, needed: 0 }]]);
  for (const name of policy.witnesses.keys()) {
    const met = names.includes(name);
    standing.set(name, { met, of: 1, signed: Number(met), needed: 1 });
  }
  for (const [name, { enough, members }] of policy.groups) {
    const those = members.map((member) => standing.get(member));
    const sum = (numbers) => numbers.reduce((whole, number) => whole + number, 0);
    standing.set(name, {
      met: those.filter(({ met }) => met).length >= enough,
      of: sum(those.map(({ of }) => of)),
      signed: sum(those.map(({ signed }) => signed)),
      needed: sum(those.map(({ needed }) => needed).sort((one, other) => one - other).slice(0, enough)),
    });
  }
  return standing.get(policy.quorum);
}

// ---- leaves: Werdegang -------------------------------------------------------------------------------------------

// Only the last characters that leave no bits over: these bytes can be written in one way.
const LEAF = new RegExp(
  '^{"at":"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3})([0-9]{3})Z",' +
    '"c":"([A-Za-z0-9_-]{42}[AEIMQUYcgkosw048])","n":([1-9][0-9]{0,14}),"p":"([A-Za-z0-9_-]{21}[AQgw])","v":1}$',
);
const OTHER_VERSION = /^{[^]*"v":([0-9]{1,9})}$/;

// What an entry of the log tells: its time, a commitment to its content, and its number in a process.
function parseLeaf(entry) {
  const text = Array.from(entry, (byte) => String.fromCharCode(byte)).join("");
  const found = LEAF.exec(text);
  if (!found) {
    const version = OTHER_VERSION.exec(text)?.[1] ?? "1";
    throw version === "1" ? new Rejected("leaf-broken") : new Rejected("leaf-version", { version: Number(version) });
  }
  const [, second, rest, commitment, number, process] = found;
  const moment = new Date(`${second}Z`);
  // 30 February is the first of March for a browser, and no day for us
  if (second.startsWith("0000") || Number.isNaN(moment.getTime()) || moment.toISOString() !== `${second}Z`) {
    throw new Rejected("leaf-broken");
  }
  return { at: `${second}${rest}Z`, commitment, number: Number(number), process };
}

// ---- what leaves commit to: Werdegang ----------------------------------------------------------------------------

const TOKEN = /[ \t\n\r]*(?:([{}[\],:])|("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9][0-9]*))|(true|false|null))/y;

const DEEPEST = 500; // no content is as deep, and a browser goes no deeper than some thousands

// JSON as canonical JSON may hold it (RFC 8785, and less): no name twice, names in ASCII, no fractions, no number that
// a reader could round, no half letters. JSON.parse takes all of these, and then two readers could see two contents.
function parseJson(text) {
  let at = 0;
  let depth = 0;
  const next = () => {
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(text);
    if (!found) throw new SyntaxError(`at ${at}`);
    at = TOKEN.lastIndex;
    return found;
  };
  const require = (right) => {
    if (!right) throw new SyntaxError(`at ${at}`);
  };
  const string = (token) => {
    require(token !== undefined);
    const read = JSON.parse(token);
    require(read.isWellFormed());
    return read;
  };
  const value = ([, mark, quoted, digits, word]) => {
    if (digits !== undefined) {
      require(digits !== "-0" && Number.isSafeInteger(Number(digits)));
      return Number(digits);
    }
    if (word !== undefined) return { true: true, false: false, null: null }[word];
    if (quoted !== undefined) return string(quoted);
    require((mark === "[" || mark === "{") && (depth += 1) < DEEPEST);
    const items = mark === "[" ? list() : object();
    depth -= 1;
    return items;
  };
  const list = () => {
    const items = [];
    let token = next();
    if (token[1] === "]") return items;
    for (;;) {
      items.push(value(token));
      const mark = next()[1];
      if (mark === "]") return items;
      require(mark === ",");
      token = next();
    }
  };
  const object = () => {
    const items = Object.create(null);
    let token = next();
    if (token[1] === "}") return items;
    for (;;) {
      const name = string(token[2]);
      require(/^[\u0000-\u007f]*$/.test(name) && !(name in items) && next()[1] === ":");
      items[name] = value(next());
      const mark = next()[1];
      if (mark === "}") return items;
      require(mark === ",");
      token = next();
    }
  };
  const read = value(next());
  require(/^[ \t\n\r]*$/.test(text.slice(at)));
  return read;
}

const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
const namesOf = (value) => Object.keys(value).sort();

// RFC 8785, for the values that parseJson lets through: names sorted, no spaces.
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (!isObject(value)) return JSON.stringify(value);
  return `{${namesOf(value).map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join()}}`;
}

const digestOf = async (value) => base64urlOf(await sha256(bytesOf(canonical(value))));
const partDigest = (name, salt, value) => digestOf(["werdegang/part/v1", salt, name, value]);
const commitmentTo = (digests) => digestOf(["werdegang/content/v1", digests]);

const PARTS = ["facts", "internal", "texts"];
const DIGEST = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/; // 32 bytes in the one way to write them
const INSTANT = /^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9:.]+(Z|[+-][0-9]{2}:[0-9]{2})?)?$/;
const isDigest = (value) => typeof value === "string" && DIGEST.test(value);
const isInstant = (value) => typeof value === "string" && INSTANT.test(value) && !Number.isNaN(Date.parse(value));

// Checks what is served as the content of an entry against the commitment in its leaf; answers its facts, and by which
// entry its texts were erased, if they were. Facts are open; texts are open or said to be erased; internal never is.
async function checkContent(content, committed) {
  const require = (right, code = "content-broken", part = "") => {
    if (!right) throw new Rejected(code, { part });
  };
  require(isObject(content) && namesOf(content).every((name) => ["erased", "open", "parts"].includes(name)));
  const { parts, open, erased = {} } = content;
  require(isObject(parts) && namesOf(parts).join() === PARTS.join() && PARTS.every((name) => isDigest(parts[name])));
  require(isObject(open) && namesOf(open).every((name) => PARTS.includes(name)));
  require(isObject(erased) && namesOf(erased).every((name) => ["by", "texts"].includes(name)));
  const gone = namesOf(erased).length > 0;
  require(!gone || (isInstant(erased.texts) && Number.isSafeInteger(erased.by) && erased.by >= 0));
  for (const name of PARTS) {
    if (!(name in open)) {
      require(name === "internal" || (name === "texts" && gone), "content-missing", name);
      continue;
    }
    require(name !== "internal" && !(name === "texts" && gone));
    const part = open[name];
    require(isObject(part) && namesOf(part).join() === "salt,value" && isDigest(part.salt));
    require((await partDigest(name, part.salt, part.value)) === parts[name], "content-differs", name);
  }
  require((await commitmentTo(parts)) === committed, "content-differs", "commitment");
  return { facts: open.facts.value, texts: open.texts?.value, erased: gone ? erased : null };
}

// ---- receipts: c2sp.org/tlog-proof -------------------------------------------------------------------------------

const PROOF = "c2sp.org/tlog-proof@v1";

// A receipt: that an entry stands in a log. Ours carry the entry itself.
function parseProof(text) {
  const blank = text.indexOf("\n\n");
  const end = blank < 0 ? text.length : blank;
  const [version, ...lines] = text.slice(0, end).split("\n");
  try {
    const entry = lines[0].startsWith("extra ") ? fromBase64(lines.shift().slice(6)) : null;
    const [label, index, ...more] = lines[0].split(" ");
    const hashes = lines.slice(1).map(fromBase64);
    const right = version === PROOF && label === "index" && SIZE.test(index) && !more.length;
    if (right && hashes.every(({ length }) => length === 32)) {
      return { index: Number(index), hashes, checkpoint: text.slice(end + 2), entry };
    }
  } catch {
    // said below
  }
  throw new Rejected("proof-broken");
}

// RFC 9162, 2.1.3.2: whether the hashes lead from a leaf to the root. (Halves, for shifting would cut off large numbers.)
async function checkInclusion(leaf, index, size, hashes, root) {
  const half = (number) => Math.floor(number / 2);
  const require = (right) => {
    if (!right) throw new Rejected("proof-wrong", { index, size });
  };
  require(index < size);
  let [at, last, node] = [index, size - 1, leaf];
  for (const hash of hashes) {
    require(last > 0);
    if (at % 2 || at === last) {
      node = await nodeHash(hash, node);
      while (at % 2 === 0 && at > 0) [at, last] = [half(at), half(last)];
    } else {
      node = await nodeHash(node, hash);
    }
    [at, last] = [half(at), half(last)];
  }
  require(last === 0 && same(node, root));
}

// Checks a receipt for the entry that it carries, and answers that entry.
async function checkProof(text, keys) {
  const { index, hashes, checkpoint: note, entry } = parseProof(text);
  const { size, root } = await openCheckpoint(note, keys);
  if (entry === null) throw new Rejected("entry-missing");
  await checkInclusion(await leafHash(entry), index, size, hashes, root);
  return entry;
}

// ---- another key for the log -------------------------------------------------------------------------------------

const isAmong = (keys, { text }) => keys.some((key) => key.text === text);

// Which key an entry says is the next one after one of these; none, if what opens it is not right or says something else.
async function keyAfter(keys, entry, content) {
  try {
    const leaf = parseLeaf(entry);
    const { facts } = await checkContent(parseJson(content), leaf.commitment);
    if (facts.step.type !== "log-key-changed") return null;
    const [old, next] = [await parseKey(facts.step.old), await parseKey(facts.step.new)];
    return isAmong(keys, old) ? { key: next, parameters: { number: leaf.number, old: old.text, new: next.text } } : null;
  } catch {
    return null;
  }
}

// The keys to believe where the log has changed its key since: each is told by an entry in what the one before signed.
// Without such a proof nobody is believed but the keys that were given.
async function followed({ checkpoint, changes = [] }, given, note) {
  let keys = given;
  for (;;) {
    try {
      await openNote(checkpoint, keys);
      return keys;
    } catch (error) {
      const newer = error.code === "signature-missing" ? await nextKey(changes, keys, note) : null;
      if (!newer) return keys;
      keys = [...keys, newer];
    }
  }
}

async function nextKey(changes, keys, note) {
  for (const { index, proof, content } of changes) {
    const entry = await checkProof(proof ?? "", keys).catch(() => null);
    const found = entry && (await keyAfter(keys, entry, content));
    if (!found || isAmong(keys, found.key)) continue;
    note("key-followed", { index, ...found.parameters });
    return found.key;
  }
  return null;
}

// What the entries of the log that was just checked tell of its keys. The newest of them has to have signed: the one
// before may sign along for a while, and what it signs alone is not by whoever keeps the log.
async function withTold({ checkpoint, bundles, changes = [] }, given, find, note) {
  const keys = [...given];
  const told = [];
  for (const { index, content } of [...changes].sort((one, other) => one.index - other.index)) {
    const entry = bundles[Math.floor(index / WIDTH)]?.[index % WIDTH];
    const found = entry && (await keyAfter(keys, entry, content));
    if (!found) continue;
    const isNew = !isAmong(keys, found.key);
    told.push({ key: found.key, isNew, parameters: { index, ...found.parameters } });
    if (isNew) keys.push(found.key);
  }
  const newest = told.at(-1);
  const isRetired = newest && !isAmong((await openNote(checkpoint, keys))[1], newest.key);
  if (isRetired) find("retired-key", newest.parameters);
  for (const { isNew, parameters } of isRetired ? [] : told) if (isNew) note("key-changed", parameters);
  return keys;
}

// ---- a whole log, and one process in it --------------------------------------------------------------------------

// Which keys are believed, and what they signed: by them, and by those that a policy of the reader names.
async function believed(read, trusted, logs, note) {
  let keys = trusted.key ? [await parseKey(trusted.key)] : logs;
  if (!keys.length) {
    note("key-on-trust", { key: read.key.trim() });
    keys = [await parseKey(read.key)];
  }
  keys = await followed(read, keys, note);
  const open = async () => {
    const checkpoint = await openCheckpoint(read.checkpoint, keys);
    if (logs.length) await openCheckpoint(read.checkpoint, await followed(read, logs, note));
    return checkpoint;
  };
  return { keys, open };
}

// Whether the checkpoint is signed as the reader trusts, before more is read than it takes to know that: what a server
// claims that nobody signed makes nobody fetch anything.
async function isBelieved(read, trusted) {
  try {
    const policy = trusted.policy ? await parsePolicy(trusted.policy).catch(() => null) : null;
    await (await believed(read, trusted, policy?.logs ?? [], () => {})).open();
    return true;
  } catch (error) {
    if (!(error instanceof Rejected)) throw error;
    return false; // why, checkLog says
  }
}

// Checks what was read of a log. `read` has: key, checkpoint and policy as served, the entries of each bundle, the id of
// the process in the log, its contents by index, when it was read, how many public entries the pages show, and for each
// place where the log is said to have changed its key the content and the receipt of that entry; of what may be left
// out: `shownAt`, the times that the server tells of entries, by index, and `later`, how many entries there were when all
// was read; `trusted` is what the reader brings: a key, a kept checkpoint, a policy; and `before`, the policy that was
// served and remembered. `told` is called with the number of entries that were gone through.
async function checkLog(read, trusted = {}, told = () => {}) {
  const report = { checkpoint: null, kept: null, key: null, keys: [], policy: null, own: false, quorum: null, fits: false, entries: [], findings: [], notes: [], name: null };
  const find = (code, parameters = {}) => report.findings.push({ code, parameters });
  const note = (code, parameters = {}) => {
    const said = report.notes.some((each) => canonical(each) === canonical({ code, parameters }));
    if (!said) report.notes.push({ code, parameters });
  };
  const served = read.key.trim();
  let keys = [];
  const own = await ownPolicy(trusted.policy, find);
  report.own = own !== null;
  try {
    const { keys: those, open } = await believed(read, trusted, own?.logs ?? [], note);
    keys = those;
    if (!trusted.kept) note("nothing-kept");
    report.checkpoint = await open();
    report.kept = trusted.kept ? await openKept(trusted.kept, report.checkpoint.origin, keys) : null;
    const before = report.findings.length;
    const leaves = await checkLeaves(read, report, find, told);
    if (report.findings.length === before) keys = await withTold(read, keys, find, note); // of a wrong log nothing is learnt
    [report.keys, report.key] = [keys, (await openNote(read.checkpoint, keys))[1].at(-1)];
    await checkEntries(read, leaves, report, find, note);
  } catch (error) {
    if (!(error instanceof Rejected)) throw error;
    find(error.code, error.parameters);
  }
  if (report.checkpoint) await checkWitnesses(read, own, trusted.before, report, find, note);
  report.fits = report.kept !== null && report.kept.size <= report.checkpoint.size && !report.findings.some(({ code }) => OF_THE_WHOLE.has(code) || code.startsWith("bundle-"));
  doubt(report);
  const other = keys.length && !keys.some(({ text }) => text === served);
  if (other) report.findings.unshift({ code: "key-other", parameters: { key: served } });
  return report;
}

// The policy of the reader. One that cannot be read is told, and all else is checked without it.
async function ownPolicy(text, find) {
  try {
    return text ? await parsePolicy(text) : null;
  } catch (error) {
    if (!(error instanceof Rejected)) throw error;
    find(error.code, error.parameters);
    return null;
  }
}

const OF_THE_WHOLE = new Set(["root-differs", "not-consistent", "truncated", "two-views"]);

// No entry is told as right of which something wrong was found; and none at all, where the log as a whole is wrong.
function doubt({ findings, entries }) {
  const wrong = new Set(findings.filter(({ code }) => code !== "retired-key").map(({ parameters }) => parameters.index));
  const whole = findings.some(({ code }) => OF_THE_WHOLE.has(code));
  for (const entry of entries) {
    const right = !["missing", "wrong"].includes(entry.state);
    if (right && wrong.has(entry.index)) entry.state = "wrong";
    else if (right && whole) entry.state = "unproved";
  }
}

// Whether the quorum signed the checkpoint, by the policy of the reader; without one by that of the server, which is only
// its word: by that nothing is found to be wrong, whatever stands in it.
async function checkWitnesses({ checkpoint, policy: text }, own, before, report, find, note) {
  let served = null;
  try {
    served = typeof text === "string" ? await parsePolicy(text) : null;
  } catch (error) {
    if (!(error instanceof Rejected)) throw error;
    note("policy-unreadable", error.parameters);
  }
  const policy = (report.policy = own ?? served);
  if (!own && served) note("policy-on-trust");
  try {
    await checkQuorum(checkpoint, policy, own, report, find, note);
  } catch (error) {
    if (!(error instanceof Rejected)) throw error;
    (own ? find : note)(error.code, error.parameters);
  }
  const known = own ?? (before ? await parsePolicy(before).catch(() => null) : null);
  if (known) compareServed(known, served, note);
}

async function checkQuorum(checkpoint, policy, own, report, find, note) {
  const signed = policy ? await witnessedBy(checkpoint, policy) : [];
  for (const parameters of signed) note("witnessed", parameters);
  const names = signed.map(({ name }) => name);
  const { met, ...counts } = policy ? quorumOf(policy, names) : { met: true, needed: 0 };
  const soonest = names.findIndex((_, at) => quorumOf(policy, names.slice(0, at + 1)).met);
  if (!counts.needed) report.quorum = { code: "quorum-none", parameters: {} };
  else if (met) report.quorum = { code: "quorum-met", parameters: { ...counts, since: signed[soonest].at } };
  else report.quorum = { code: "quorum-missing", parameters: counts };
  if (own && !met) find("not-witnessed", { signed: signed.length, quorum: own.quorum });
}

// Witnesses whom the reader knows of and the server does not name any more, and a quorum of fewer, are told.
function compareServed(known, served, note) {
  const named = [...(served?.witnesses.values() ?? [])];
  const dropped = [...known.witnesses].filter(([, key]) => !named.some(({ text }) => text === key.text));
  if (dropped.length) note("policy-dropped", { names: dropped.map(([name]) => name).join(", ") });
  const [before, now] = [known, served].map((policy) => (policy ? quorumOf(policy, []).needed : 0));
  if (now < before) note("policy-eased", { before, now });
}

// The checkpoint that was kept has to be one of this log.
async function openKept(note, origin, keys) {
  try {
    return await openCheckpoint(note, keys.filter(({ name }) => name === origin));
  } catch (error) {
    if (!(error instanceof Rejected)) throw error;
    const another = error.code.startsWith("signature-") && note.startsWith(`${origin}\n`);
    throw another ? new Rejected("kept-by-another-key") : new Rejected("kept-broken", { reason: error.code });
  }
}

// RFC 6962, 2.1: the root is computed anew from the entries; and so is the root that they had at the kept checkpoint,
// which is all that a consistency proof (RFC 6962, 2.1.2) could show. Numbers have no gaps, and time does not run back.
async function checkLeaves({ bundles, process }, { checkpoint, kept }, find, told) {
  const { size } = checkpoint;
  const peaks = [];
  const numbers = new Map();
  const leaves = [];
  let latest = "";
  let before = kept?.size === 0 ? await rootOf([]) : null;
  for (let first = 0; first < size; first += WIDTH) {
    const width = Math.min(WIDTH, size - first);
    const entries = bundles[first / WIDTH] ?? [];
    if (entries.length !== width) throw new Rejected("bundle-broken", { path: bundlePath(first / WIDTH, width) });
    const hashes = await Promise.all(entries.map(leafHash));
    if (kept && kept.size > first && kept.size <= first + width) {
      const then = [...peaks];
      await appendAll(then, hashes.slice(0, kept.size - first));
      before = await rootOf(then);
    }
    await appendAll(peaks, hashes);
    entries.forEach((entry, at) => {
      const index = first + at;
      try {
        const leaf = parseLeaf(entry);
        const expected = (numbers.get(leaf.process) ?? 0) + 1;
        if (leaf.number !== expected) {
          find("number-gap", { index, process: leaf.process, expected, found: leaf.number });
        }
        numbers.set(leaf.process, leaf.number);
        if (leaf.at < latest) find("time-runs-back", { index, before: latest, at: leaf.at });
        latest = leaf.at;
        if (leaf.process === process) leaves.push({ ...leaf, index });
      } catch (error) {
        if (!(error instanceof Rejected)) throw error;
        find(error.code, { index, ...error.parameters });
      }
    });
    told(first + width);
  }
  if (!same(await rootOf(peaks), checkpoint.root)) find("root-differs", { size });
  if (!kept) return leaves;
  if (kept.size > size) find("truncated", { kept: kept.size, found: size });
  // Two checkpoints of one size, both signed by the key of the log: nobody comes to that by mistake.
  else if (kept.size === size && !same(kept.root, checkpoint.root)) find("two-views", { size });
  else if (!same(before, kept.root)) find("not-consistent", { old: kept.size, size });
  return leaves;
}

// What is told of an entry: verified, erased, sealed, missing; or wrong, where its content is not what it should be.
async function checkEntries({ contents, at, shown = 0, shownAt, later = 0 }, leaves, report, find, note) {
  if (!leaves.length) find("process-missing");
  const opened = new Map(); // number → facts, of what opens as it should
  for (const { number, index, at: recorded, commitment } of leaves) {
    const entry = { number, index, at: recorded, state: "sealed" };
    report.entries.push(entry);
    if (!contents.has(index)) continue;
    // What is told beside the log has to be what stands in it: whoever writes tables can write another time into one.
    const told = shownAt?.get(index) ?? recorded;
    if (told !== recorded) find("time-differs", { number, index, told, at: recorded });
    try {
      const { facts, texts, erased } = await checkContent(contents.get(index), commitment);
      opened.set(number, { index, facts });
      entry.state = erased ? "erased" : "verified";
      if (erased) entry.erased = erased;
      const name = number === 1 ? texts?.["/step/name"] : null;
      if (typeof name === "string") report.name = name;
    } catch (error) {
      if (!(error instanceof Rejected)) throw error;
      entry.state = "wrong";
      find(error.code, { part: "", ...error.parameters, number, index });
    }
  }
  const open = report.entries.filter(({ state }) => state !== "sealed").length;
  if (open < shown) find("fewer-than-shown", { open, shown });
  // Missing is what an open publication in effect, or an open erasure, names and what is not open itself: both say that
  // the public has it. (A publication that was taken back before its time is never open.)
  const named = new Map();
  for (const [number, { facts }] of opened) {
    for (const target of namedBy(facts?.step, at)) if (!named.has(target)) named.set(target, number);
  }
  // And whatever else is open was published by an entry that is open too, unless that one came after the checkpoint.
  const announced = announcedBy(opened);
  const unannounced = [...opened].filter(([number, { facts }]) => !OPENS.has(facts?.step?.type) && !announced.has(number));
  if (unannounced.length && later > report.checkpoint.size) note("published-meanwhile", { size: later });
  else for (const [number, { index }] of unannounced) find("publication-withheld", { number, index });
  for (const entry of report.entries) {
    if (entry.state === "sealed" && named.has(entry.number)) {
      entry.state = "missing";
      find("content-withheld", { number: entry.number, index: entry.index, by: named.get(entry.number) });
    }
    // Texts are erased only where a later open entry of this process says so, of this entry or of the one it is about.
    if (entry.state === "erased" && !erasedBy(opened, entry)) {
      entry.state = "missing";
      find("content-missing", { number: entry.number, index: entry.index, part: "texts" });
    }
  }
}

const OPENS = new Set(["entry-published", "texts-erased"]); // open only together with what they are about

// The numbers that a step is about. One of no known shape says nothing of others.
function targetsOf(step) {
  return [...(Array.isArray(step?.targets) ? step.targets : []), step?.target].filter(Number.isSafeInteger);
}

function namedBy(step, at) {
  if (!OPENS.has(step?.type)) return [];
  const later = step.type === "entry-published" && isInstant(step.not_before) && Date.parse(step.not_before) > at;
  return later ? [] : targetsOf(step);
}

// The numbers that an open publication after them names.
function announcedBy(opened) {
  const announced = new Set();
  for (const [by, { facts }] of opened) {
    const targets = facts?.step?.type === "entry-published" ? targetsOf(facts.step) : [];
    for (const target of targets) if (target < by) announced.add(target);
  }
  return announced;
}

function erasedBy(opened, { number, index: place, erased }) {
  const about = opened.get(number).facts?.step;
  const targets = [number];
  if (["entry-corrected", "plain-language-added"].includes(about?.type)) targets.push(...targetsOf(about));
  for (const { index, facts } of opened.values()) {
    if (index === erased.by) return index > place && facts?.step?.type === "texts-erased" && targetsOf(facts.step).some((target) => targets.includes(target));
  }
  return false;
}
