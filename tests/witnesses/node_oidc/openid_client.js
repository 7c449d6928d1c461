// openid-client as a relying party that checks everything it can.

import { converse } from "./conversation.js";
import * as client from "openid-client";

let config;
let begun;
let options = {};

const AUTHENTICATION = {
  basic: client.ClientSecretBasic,
  post: client.ClientSecretPost,
  none: client.None,
};

/** Return what a test looks at. */
const shown = (tokens) => ({ ...tokens, claims: tokens.claims() ?? null });

async function request(redirectUri, scope, more) {
  const verifier = client.randomPKCECodeVerifier();
  begun = { verifier, nonce: client.randomNonce(), state: client.randomState() };
  return {
    redirect_uri: redirectUri,
    scope,
    nonce: begun.nonce,
    state: begun.state,
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    ...more,
  };
}

await converse({
  async discover(address, { clientId, secret, authentication = "basic" }) {
    const known = AUTHENTICATION[authentication](secret);
    config = await client.discovery(new URL(address), clientId, undefined, known);
    client.enableNonRepudiationChecks(config);
    options = {};
    return config.serverMetadata();
  },
  hybrid() {
    client.useCodeIdTokenResponseType(config);
  },
  async prove() {
    options = { DPoP: client.getDPoPHandle(config, await client.randomDPoPKeyPair("ES256")) };
  },
  async begin(redirectUri, scope, more = {}) {
    return client.buildAuthorizationUrl(config, await request(redirectUri, scope, more)).href;
  },
  async push(redirectUri, scope) {
    const asked = await request(redirectUri, scope);
    return (await client.buildAuthorizationUrlWithPAR(config, asked)).href;
  },
  async finish(address) {
    const checks = {
      pkceCodeVerifier: begun.verifier,
      expectedNonce: begun.nonce,
      expectedState: begun.state,
      idTokenExpected: true,
    };
    const came = new URL(address);
    return shown(await client.authorizationCodeGrant(config, came, checks, undefined, options));
  },
  async refresh(token) {
    return shown(await client.refreshTokenGrant(config, token, undefined, options));
  },
  userinfo(token, subject) {
    return client.fetchUserInfo(config, token, subject, options);
  },
  introspect(token) {
    return client.tokenIntrospection(config, token);
  },
  revoke(token) {
    return client.tokenRevocation(config, token);
  },
  device(scope) {
    return client.initiateDeviceAuthorization(config, { scope });
  },
  async deviceSignedIn(codes) {
    // Nobody asked before, so there is nothing to wait for.
    return shown(await client.pollDeviceAuthorizationGrant(config, { ...codes, interval: 0 }));
  },
  endSession(parameters) {
    return client.buildEndSessionUrl(config, parameters).href;
  },
});
