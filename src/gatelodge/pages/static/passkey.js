"use strict";
// Asks the browser for a passkey and puts its answer into the form. Without it the page has no
// such button; nothing else on a page needs a script.
(() => {
  const button = document.getElementById("passkey");
  const answer = document.getElementById("passkeyResponse");
  if (!button || !answer || !window.PublicKeyCredential) return;
  const question = JSON.parse(button.dataset.question);
  const trouble = document.getElementById("passkeyTrouble");
  let waiting = new AbortController();
  let isAnswered = false;

  const octets = (text) => {
    const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
  };
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer)))
      .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const described = (list) => (list || []).map((each) => ({ ...each, id: octets(each.id) }));

  const wanted = () => {
    const options = { ...question, challenge: octets(question.challenge) };
    if (options.user) options.user = { ...options.user, id: octets(options.user.id) };
    if (options.excludeCredentials) options.excludeCredentials = described(options.excludeCredentials);
    if (options.allowCredentials) options.allowCredentials = described(options.allowCredentials);
    return options;
  };

  const told = (credential) => {
    const response = { clientDataJSON: text(credential.response.clientDataJSON) };
    for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[name]) response[name] = text(credential.response[name]);
    }
    return {
      id: credential.id,
      rawId: text(credential.rawId),
      type: credential.type,
      clientExtensionResults: {},
      response,
    };
  };

  const send = (credential) => {
    answer.value = JSON.stringify(told(credential));
    isAnswered = true;
    button.click();
  };

  const ask = async (more) => {
    const options = { publicKey: wanted(), ...more };
    return question.user ? navigator.credentials.create(options) : navigator.credentials.get(options);
  };

  button.addEventListener("click", async (event) => {
    if (isAnswered) return;
    event.preventDefault();
    trouble.hidden = true;
    waiting.abort();
    waiting = new AbortController();
    try {
      send(await ask({ signal: waiting.signal }));
    } catch {
      trouble.hidden = false;
    }
  });

  const offer = async () => {
    document.getElementById("passkeyBox").hidden = false;
    const needed = document.getElementById("passkeyNeeded");
    if (needed) needed.hidden = true;
    const available = PublicKeyCredential.isConditionalMediationAvailable;
    const isNamed = question.user || question.allowCredentials.length > 0;
    if (isNamed || !available || !(await available.call(PublicKeyCredential))) return;
    try {
      send(await ask({ mediation: "conditional", signal: waiting.signal }));
    } catch {
      // The person chose another way: that is no trouble.
    }
  };
  offer();
})();
