// msal-browser, as its documentation tells B2C applications to use it.

/* global msal */

const facts = await (await fetch("/facts.json")).json();
const authorityOf = (flow) => `${facts.origin}/${facts.tenant}/${flow}`;
const scopes = [facts.scope];
const here = `${location.origin}/msal`;

const application = new msal.PublicClientApplication({
  auth: {
    clientId: facts.clientId,
    authority: authorityOf(sessionStorage.getItem("flow") ?? "B2C_1_signupsignin"),
    knownAuthorities: [new URL(facts.origin).host],
    redirectUri: here,
    postLogoutRedirectUri: here,
  },
  cache: { cacheLocation: "sessionStorage" },
});
await application.initialize();

function shown(result) {
  if (!result) return null;
  const { accessToken, idTokenClaims, account, fromCache, scopes: granted, state } = result;
  const homeAccountId = account.homeAccountId;
  return { accessToken, idTokenClaims, homeAccountId, fromCache, scopes: granted, state };
}

const told = ({ name, errorCode, errorMessage }) => ({ error: name, errorCode, errorMessage });
const attempt = (work) => work().then(shown).catch(told);
const account = () => application.getAllAccounts()[0];

window.application = {
  signIn(flow, more = {}) {
    sessionStorage.setItem("flow", flow);
    return application.loginRedirect({ authority: authorityOf(flow), scopes, ...more });
  },
  silent: (more = {}) =>
    attempt(() => application.acquireTokenSilent({ account: account(), scopes, ...more })),
  singleSignOn: (flow) =>
    attempt(() =>
      application.ssoSilent({
        authority: authorityOf(flow),
        scopes,
        redirectUri: `${location.origin}/bridge`,
      }),
    ),
  popup: (flow) =>
    attempt(() =>
      application.loginPopup({
        authority: authorityOf(flow),
        scopes,
        redirectUri: `${location.origin}/bridge`,
      }),
    ),
  signOut(isProved) {
    const known = account();
    const idTokenHint = isProved ? known.idToken : undefined;
    return application.logoutRedirect({ account: known, idTokenHint });
  },
};

const arrived = await attempt(() => application.handleRedirectPromise());
window.arrived = arrived;
document.querySelector("pre").textContent = JSON.stringify(arrived, null, 2);
const name = account()?.name ?? account()?.username;
document.querySelector("h1").textContent = account() ? `Signed in as ${name}` : "Nobody";
