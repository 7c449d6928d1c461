// Microsoft's Graph client for JavaScript with its own credential, pointed at a development server.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { ClientSecretCredential } from "@azure/identity";
import { Client, GraphError } from "@microsoft/microsoft-graph-client";
import azureTokenCredentials from "@microsoft/microsoft-graph-client/authProviders/azureTokenCredentials/index.js";

export const facts = JSON.parse(await readFile(process.env.DEV_JSON, "utf8"));
const SCOPES = ["https://graph.microsoft.com/.default"];

let names = 0;
export const aNewName = () => `B2C_1_node${process.pid}_${++names}`;
export const aFlow = (id = aNewName()) => ({
  id,
  userFlowType: "signUpOrSignIn",
  userFlowTypeVersion: 3,
});

/** Open Graph as one of the clients of dev.json. */
export function open(who = "admin") {
  const credential = new ClientSecretCredential(
    facts.tenant_id,
    facts[who].client_id,
    facts[who].client_secret,
    { authorityHost: facts.origin, disableInstanceDiscovery: true },
  );
  const { TokenCredentialAuthenticationProvider } = azureTokenCredentials;
  return Client.initWithMiddleware({
    baseUrl: `${facts.origin}/`,
    defaultVersion: "beta",
    customHosts: new Set([new URL(facts.origin).hostname]),
    authProvider: new TokenCredentialAuthenticationProvider(credential, { scopes: SCOPES }),
  });
}

export const graph = open();

/** Return the address by which something is referred to. */
export const reference = (path) => ({ "@odata.id": `https://graph.microsoft.com/beta${path}` });

export const ids = (list) => list.value.map((each) => each.id);

/** Return the error with which a request is refused. */
export async function refusal(attempt) {
  try {
    await attempt;
  } catch (error) {
    assert.ok(error instanceof GraphError, String(error));
    return error;
  }
  return assert.fail("the request was not refused");
}
