// msal-node, as its documentation tells B2C applications to use it.

import { converse } from "./conversation.js";
import {
  ConfidentialClientApplication,
  CryptoProvider,
  PublicClientApplication,
} from "@azure/msal-node";

let application;
let begun;
let pending;

/** Return what a test looks at. */
function shown(result) {
  const { accessToken, idToken, idTokenClaims, account, scopes, fromCache, authority } = result;
  const { homeAccountId, username, tenantId } = account;
  const known = { homeAccountId, username, tenantId };
  return { accessToken, idToken, idTokenClaims, account: known, scopes, fromCache, authority };
}

await converse({
  open(authority, clientId, clientSecret) {
    const auth = { clientId, clientSecret, authority, knownAuthorities: [new URL(authority).host] };
    const kind = clientSecret ? ConfidentialClientApplication : PublicClientApplication;
    application = new kind({ auth });
  },
  async begin(redirectUri, scopes, more = {}) {
    const { verifier, challenge } = await new CryptoProvider().generatePkceCodes();
    const state = new CryptoProvider().createNewGuid();
    begun = { redirectUri, scopes, codeVerifier: verifier, state, ...more };
    return application.getAuthCodeUrl({
      redirectUri,
      scopes,
      state,
      codeChallenge: challenge,
      codeChallengeMethod: "S256",
      ...more,
    });
  },
  async finish(parameters) {
    const request = { ...begun, code: parameters.code };
    return shown(await application.acquireTokenByCode(request, parameters));
  },
  async silent(scopes, forceRefresh) {
    const [account] = await application.getTokenCache().getAllAccounts();
    return shown(await application.acquireTokenSilent({ account, scopes, forceRefresh }));
  },
  async byItself(scopes) {
    const { accessToken, tokenType } = await application.acquireTokenByClientCredential({ scopes });
    return { accessToken, tokenType };
  },
  async password(username, password, scopes) {
    const request = { username, password, scopes };
    return shown(await application.acquireTokenByUsernamePassword(request));
  },
  device(scopes) {
    return new Promise((told, failed) => {
      pending = application.acquireTokenByDeviceCode({ scopes, deviceCodeCallback: told });
      pending.catch(failed);
    });
  },
  async deviceSignedIn() {
    return shown(await pending);
  },
});
