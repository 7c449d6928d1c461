// samlify as a SAML identity provider upstream: reads our metadata and requests, signs and encrypts.

import { createRequire } from "node:module";

import { converse } from "./conversation.js";

const samlify = createRequire(import.meta.url)("samlify");
// Its validators of schemas start programs; what it makes of a request is what is of interest here.
samlify.setSchemaValidator({ validate: async () => "not validated" });

const STATEMENT =
  '<saml:AuthnStatement AuthnInstant="{IssueInstant}" SessionIndex="{AssertionID}"><saml:AuthnContext>' +
  "<saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport" +
  "</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>";
const ATTRIBUTES = ["displayName", "mail"].map((name) => ({
  name,
  valueTag: name,
  nameFormat: "urn:oasis:names:tc:SAML:2.0:attrname-format:basic",
  valueXsiType: "xs:string",
}));
const HOW = {
  assertion: {},
  response: { isResponseSigned: true },
  both: { isResponseSigned: true, isAssertionSigned: true },
  encrypted: { isEncrypted: true },
};

const { context } = samlify.SamlLib.defaultLoginResponseTemplate;
let settings;

/** Return the provider as it is set up. */
function provider(isAssertionEncrypted = false) {
  return samlify.IdentityProvider({
    ...settings,
    isAssertionEncrypted,
    nameIDFormat: ["urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"],
    requestSignatureAlgorithm: "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
    loginResponseTemplate: {
      context: context.replace("{AuthnStatement}", STATEMENT),
      attributes: ATTRIBUTES,
    },
    singleSignOnService: [{ Binding: samlify.Constants.namespace.binding.redirect, Location: settings.signIn }],
  });
}

/** Return a certificate we never gave, as metadata have one to encrypt for. */
function encryptionKey() {
  const certificate = settings.signingCert.replace(/-----[^-]+-----/g, "");
  return (
    '<md:KeyDescriptor use="encryption"><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data>' +
    `<X509Certificate>${certificate}</X509Certificate></X509Data></KeyInfo></md:KeyDescriptor>`
  );
}

/** Return us, as our metadata has it, with what the provider is set to do for us. */
function party(metadata, { isEncrypted, isResponseSigned = false, isAssertionSigned = !isResponseSigned }) {
  const wanted = `WantAssertionsSigned="${isAssertionSigned}"`;
  const place = "<md:AssertionConsumerService";
  return samlify.ServiceProvider({
    metadata: metadata
      .replace(/WantAssertionsSigned="\w+"/, wanted)
      .replace(place, isEncrypted ? encryptionKey() + place : place),
    wantMessageSigned: isResponseSigned,
  });
}

await converse({
  /** Take the provider's settings: entityID, signIn, privateKey and signingCert. */
  set(given) {
    settings = given;
  },

  /** Answer the request of a query about `name`; without a query nobody asked. */
  async answer({ metadata, query, name, how, mail }) {
    const idp = provider(HOW[how].isEncrypted);
    const sp = party(metadata, HOW[how]);
    const asked = query && (await idp.parseLoginRequest(sp, "redirect", { query }));
    const request = asked?.extract.request ?? {};
    const end = new Date(Date.now() + 300_000).toISOString();
    const replaced = (template) => {
      const now = new Date().toISOString();
      const consumer = sp.entityMeta.getAssertionConsumerService("post");
      const id = idp.entitySetting.generateID();
      const values = {
        ID: id,
        AssertionID: idp.entitySetting.generateID(),
        Destination: consumer,
        SubjectRecipient: consumer,
        Audience: sp.entityMeta.getEntityID(),
        Issuer: idp.entityMeta.getEntityID(),
        IssueInstant: now,
        StatusCode: samlify.Constants.StatusCode.Success,
        ConditionsNotBefore: now,
        ConditionsNotOnOrAfter: end,
        SubjectConfirmationDataNotOnOrAfter: end,
        NameIDFormat: idp.entitySetting.nameIDFormat[0],
        NameID: name,
        InResponseTo: request.id ?? "",
        attrDisplayName: `${name} Witness`,
        attrMail: mail,
      };
      return { id, context: samlify.SamlLib.replaceTagsByValue(template, values) };
    };
    const made = await idp.createLoginResponse(sp, asked ?? {}, "post", {}, replaced);
    return { response: made.context, request, issuer: asked?.extract.issuer ?? null };
  },
});
