// oidc-client-ts, with the user flow's metadata and what it says about the person.

/* global oidc */

const facts = await (await fetch("/facts.json")).json();
const here = `${location.origin}/oidc`;
const flow = sessionStorage.getItem("flow") ?? "B2C_1_signupsignin";

const people = new oidc.UserManager({
  authority: `${facts.origin}/tfp/${facts.tenantId}/${flow.toLowerCase()}/v2.0/`,
  client_id: facts.clientId,
  redirect_uri: here,
  post_logout_redirect_uri: here,
  scope: `openid offline_access ${facts.scope}`,
  loadUserInfo: true,
  automaticSilentRenew: false,
  userStore: new oidc.WebStorageStateStore({ store: sessionStorage }),
});

function shown(user) {
  if (!user) return null;
  const { access_token: accessToken, refresh_token: refreshToken, profile, scope, state } = user;
  return { accessToken, refreshToken, profile, scope, state };
}

const told = ({ name, message, error, error_description: description }) => ({
  error: error ?? name,
  message,
  description,
});
const attempt = (work) => work().then(shown).catch(told);

window.application = {
  signIn: (more = {}) => people.signinRedirect(more),
  signInWith(chosen) {
    sessionStorage.setItem("flow", chosen);
    location.reload();
  },
  silent: () => attempt(() => people.signinSilent()),
  async inFrame() {
    const user = await people.getUser();
    if (user) await people.removeUser();
    return attempt(() => people.signinSilent());
  },
  signOut: () => people.signoutRedirect({ state: "left" }),
};

async function arrival() {
  const query = new URLSearchParams(location.search);
  if (query.has("code") || query.has("error")) {
    const user = await people.signinCallback();
    if (window.self === window.top) history.replaceState(null, "", here);
    return user;
  }
  if (query.has("state")) {
    await people.signoutCallback();
    history.replaceState(null, "", here);
  }
  return people.getUser();
}

const arrived = await attempt(arrival);
window.arrived = arrived;
document.querySelector("pre").textContent = JSON.stringify(arrived, null, 2);
const name = arrived?.profile?.name ?? arrived?.profile?.sub;
document.querySelector("h1").textContent = name ? `Signed in as ${name}` : "Nobody";
