// npm's oidc-provider, set up to do what is measured here; everything it keeps is in its memory.

import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

// Standard output is what the measuring process reads.
const say = console.log;
console.info = console.warn = console.log = () => {};
const installed = createRequire(new URL("../../tests/witnesses/node_oidc/", import.meta.url));
const found = pathToFileURL(installed.resolve("oidc-provider"));
const { default: Provider } = await import(found);
const { version } = installed("oidc-provider/package.json");

const API = "https://api.bench.example";
const CALLBACK = "https://client.bench.example/callback";
const CLIENT = { client_id: "bench", client_secret: "a secret of the benchmark" };

const server = createServer();
await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
// Clients come back after others have had their turn.
server.keepAliveTimeout = 0;
const { port } = server.address();
const issuer = `http://localhost:${port}`;
const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });

/** Keep everything: the built-in adapter forgets all but a thousand things. */
class Memory {
  static #kept = new Map();
  static #byUid = new Map();
  static #byGrant = new Map();
  #name;

  constructor(name) {
    this.#name = name;
  }

  #key(id) {
    return `${this.#name}:${id}`;
  }

  async upsert(id, payload) {
    const key = this.#key(id);
    if (this.#name === "Session") Memory.#byUid.set(payload.uid, id);
    if (payload.grantId) {
      const keys = Memory.#byGrant.get(payload.grantId) ?? [];
      keys.push(key);
      Memory.#byGrant.set(payload.grantId, keys);
    }
    Memory.#kept.set(key, payload);
  }

  async find(id) {
    return Memory.#kept.get(this.#key(id));
  }

  async findByUid(uid) {
    return this.find(Memory.#byUid.get(uid));
  }

  async findByUserCode() {
    return undefined;
  }

  async consume(id) {
    (await this.find(id)).consumed = Math.floor(Date.now() / 1000);
  }

  async destroy(id) {
    Memory.#kept.delete(this.#key(id));
  }

  async revokeByGrantId(grantId) {
    for (const key of Memory.#byGrant.get(grantId) ?? []) Memory.#kept.delete(key);
    Memory.#byGrant.delete(grantId);
  }
}

/** Agree to everything in advance, as the directory's administrator did on the other side. */
async function grant(context) {
  const { client, provider, session } = context.oidc;
  const given = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  given.addOIDCScope("openid profile");
  given.addResourceScope(API, "read");
  await given.save();
  return given;
}

const provider = new Provider(issuer, {
  adapter: Memory,
  jwks: { keys: [{ ...privateKey.export({ format: "jwk" }), use: "sig", alg: "RS256" }] },
  clients: [
    {
      ...CLIENT,
      redirect_uris: [CALLBACK],
      response_types: ["code"],
      grant_types: ["authorization_code", "refresh_token", "client_credentials"],
      token_endpoint_auth_method: "client_secret_post",
    },
  ],
  claims: { openid: ["sub"], profile: ["name", "given_name", "family_name"] },
  cookies: { keys: ["a key of the benchmark"] },
  pkce: { methods: ["S256"], required: () => true },
  findAccount: (_context, login) => ({
    accountId: login,
    claims: () => ({ sub: login, name: "Ada Lovelace", given_name: "Ada", family_name: "Lovelace" }),
  }),
  loadExistingGrant: grant,
  issueRefreshToken: () => true,
  rotateRefreshToken: true,
  features: {
    clientCredentials: { enabled: true },
    devInteractions: { enabled: true },
    resourceIndicators: {
      enabled: true,
      // A token for userinfo is for no API.
      defaultResource: ({ oidc }, _client, oneOf) =>
        oneOf ?? (oidc.params.scope?.includes("read") ? API : undefined),
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({
        scope: "read",
        audience: API,
        accessTokenFormat: "jwt",
        jwt: { sign: { alg: "RS256" } },
      }),
    },
  },
});
server.on("request", provider.callback());

const facts = { version, redirect_uri: CALLBACK, ...CLIENT };
say(JSON.stringify({ facts, process: process.pid, port }));
process.once("SIGTERM", () => process.exit(0));
