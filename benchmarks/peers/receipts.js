// Gives our inclusion proofs, with the checkpoints they end in, to Sigstore's verifier: node receipts.js proofs.json
// Each must be accepted, and refused with any one bit of entry, hashes or signature the other way round.
"use strict";
const crypto = require("crypto");
const { readFileSync } = require("fs");
const { join } = require("path");

const installed = join(process.cwd(), "node_modules", "@sigstore", "verify");
const { verifyTLogInclusion } = require(join(installed, "dist", "tlog"));

const told = JSON.parse(readFileSync(process.argv[2], "utf8"));
const [name, id, key] = told.vkey.split(/\+(.{8})\+/);
const spki = Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), Buffer.from(key, "base64").subarray(1)]);
const log = {
  logID: Buffer.from(id, "hex"),
  baseURL: name,
  publicKey: crypto.createPublicKey({ key: spki, format: "der", type: "spki" }),
};

const accepts = (entry, index, hashes, envelope) => {
  const inclusionProof = { logIndex: String(index), hashes, checkpoint: { envelope } };
  try {
    verifyTLogInclusion({ canonicalizedBody: entry, inclusionProof }, [log]);
    return true;
  } catch {
    return false;
  }
};
const flipped = (data, bit) => {
  const changed = Buffer.from(data);
  changed[(bit >> 3) % data.length] ^= 1 << (bit & 7);
  return changed;
};

let agreed = 0;
let differed = 0;
let bit = 0;
for (const { checkpoint, inclusion } of told.trees) {
  for (const proof of inclusion) {
    const entry = Buffer.from(proof.entry, "base64");
    const hashes = proof.hashes.map((hash) => Buffer.from(hash, "base64"));
    bit += 7;
    const [, before, signature, after] = checkpoint.match(/^([^]* )(\S+)(\n)$/);
    const forged = before + Buffer.concat([
      Buffer.from(signature, "base64").subarray(0, 4),
      flipped(Buffer.from(signature, "base64").subarray(4), bit),
    ]).toString("base64") + after;
    const wrong = [
      accepts(flipped(entry, bit), proof.index, hashes, checkpoint),
      accepts(entry, proof.index, hashes, forged),
      ...hashes.map((hash, at) => accepts(entry, proof.index, hashes.with(at, flipped(hash, bit)), checkpoint)),
    ];
    if (accepts(entry, proof.index, hashes, checkpoint) && !wrong.includes(true)) agreed++;
    else {
      differed++;
      console.error(`place ${proof.index}: not accepted, or accepted with a flipped bit`);
    }
  }
}
const { version } = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
console.log(JSON.stringify({ agreed, differed, version }));
process.exit(differed ? 1 : 0);
