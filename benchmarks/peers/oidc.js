// The identity provider of a city, as npm `oidc-provider` is one: node oidc.js, in the folder it is installed in.
// It says where it is, reads its clients as one line of JSON, says "ready", and ends when its input ends.
"use strict";
const { createServer } = require("http");
const { generateKeyPairSync, randomBytes } = require("crypto");
const { join } = require("path");
const { createInterface } = require("readline");
const { pathToFileURL } = require("url");

const installed = join(process.cwd(), "node_modules", "oidc-provider");
const { version } = require(join(installed, "package.json"));

const jwk = (use, type, options) => ({ use: "sig", kid: use, ...generateKeyPairSync(type, options).privateKey.export({ format: "jwk" }) });
const keys = [
  jwk("rsa", "rsa", { modulusLength: 2048 }),
  jwk("ec", "ec", { namedCurve: "P-256" }),
  jwk("okp", "ed25519"),
];

const server = createServer();
server.listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  console.log(JSON.stringify({ issuer, version }));
  const input = createInterface({ input: process.stdin });
  input.once("line", async (line) => {
    const { Provider } = await import(pathToFileURL(join(installed, "lib", "index.js")));
    const provider = new Provider(issuer, {
      clients: JSON.parse(line),
      cookies: { keys: [randomBytes(16).toString("hex")] },
      jwks: { keys },
      pkce: { required: () => true },
      enabledJWA: { idTokenSigningAlgValues: ["RS256", "PS256", "ES256", "EdDSA"] },
    });
    server.on("request", provider.callback());
    console.log("ready");
  });
  input.once("close", () => process.exit(0));
});
