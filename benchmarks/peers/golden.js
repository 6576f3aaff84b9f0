// Recomputes the canonical JSON and the commitment of every golden entry: node golden.js FILE…
"use strict";
const crypto = require("crypto");
const { readFileSync } = require("fs");

const sha = (data) => crypto.createHash("sha256").update(data).digest();
const sorted = (value) =>
  Array.isArray(value)
    ? value.map(sorted)
    : value && typeof value === "object"
      ? Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])]))
      : value;
const canonical = (value) => JSON.stringify(sorted(value));
const part = (name, salt, value) => sha(canonical(["werdegang/part/v1", salt.toString("base64url"), name, value]));

let agreed = 0;
let differed = 0;
for (const file of process.argv.slice(2)) {
  const golden = JSON.parse(readFileSync(file, "utf8"));
  const digests = {};
  let same = true;
  ["facts", "internal", "texts"].forEach((name, index) => {
    const value = JSON.parse(golden[name]);
    same = same && canonical(value) === golden[name];
    digests[name] = part(name, Buffer.alloc(32, index + 1), value).toString("base64url");
  });
  same = same && sha(canonical(["werdegang/content/v1", digests])).toString("hex") === golden.commitment;
  if (same) agreed++;
  else {
    differed++;
    console.error(`${file}: other canonical JSON, or another commitment`);
  }
}
console.log(JSON.stringify({ agreed, differed, version: process.version }));
process.exit(differed ? 1 : 0);
