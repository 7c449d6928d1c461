// oidc-provider as an identity provider upstream: strict about what it is asked.

import { createServer } from "node:http";

import { converse } from "./conversation.js";

// Standard output belongs to the conversation.
console.info = console.warn = console.error;
const { default: Provider } = await import("oidc-provider");

const KNOWN = { openid: ["sub"], email: ["email"], profile: ["name", "given_name", "family_name"] };

/** Return somebody: whoever says so on the first page. */
function person(login) {
  return {
    sub: login,
    email: `${login}@mail.example`,
    name: `${login} Witness`,
    given_name: login,
    family_name: "Witness",
  };
}

await converse({
  /** Serve one client on a free port; return the issuer. */
  async serve(client) {
    const server = createServer();
    await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
    const issuer = `http://localhost:${server.address().port}`;
    const provider = new Provider(issuer, {
      clients: [{ ...client, response_types: ["code"], grant_types: ["authorization_code"] }],
      claims: KNOWN,
      cookies: { keys: ["a key of the witness"] },
      pkce: { methods: ["S256"], required: () => true },
      findAccount: (_context, login) => ({ accountId: login, claims: () => person(login) }),
    });
    server.on("request", provider.callback());
    return issuer;
  },
});
