// Users, applications and what the directory knows of them, and the options every list has.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import test from "node:test";
import { PageIterator } from "@microsoft/microsoft-graph-client";
import { aNewName, facts, graph, ids, refusal } from "./client.js";

const of = (sent) => graph.api(sent);

const anAddress = () => `${aNewName()}@example.com`.toLowerCase();

function aUser(more = {}, address = anAddress()) {
  const named = { signInType: "emailAddress", issuer: facts.tenant_domain };
  return of("/users").post({
    displayName: "Node Witness",
    identities: [{ ...named, issuerAssignedId: address }],
    passwordProfile: { password: "correct-Horse-battery", forceChangePasswordNextSignIn: false },
    passwordPolicies: "DisablePasswordExpiration",
    ...more,
  });
}

test("a user is made with a sign-in name and found by it", async () => {
  const address = anAddress();
  const made = await aUser({ givenName: "Nora" }, address);
  const named = `c/issuerAssignedId eq '${address}' and c/issuer eq '${facts.tenant_domain}'`;
  assert.deepEqual(ids(await of("/users").filter(`identities/any(c:${named})`).get()), [made.id]);
  const user = of(`/users/${made.id}`);
  assert.equal(await user.update({ city: "Oslo" }), undefined);
  assert.equal((await of(`/users/${made.id}`).select("city").get()).city, "Oslo");
  assert.equal((await of(`/users/${made.id}/revokeSignInSessions`).post({})).value, true);
  const methods = await of(`/users/${made.id}/authentication/methods`).get();
  assert.equal(methods.value[0]["@odata.type"], "#microsoft.graph.passwordAuthenticationMethod");
  const found = await of("/directoryObjects/getByIds").post({ ids: [made.id], types: ["user"] });
  assert.deepEqual(ids(found), [made.id]);
  await user.delete();
  await of(`/directory/deletedItems/${made.id}/restore`).post({});
  assert.equal((await user.get()).id, made.id);
  await user.delete();
});

test("users are searched, ordered, skipped and counted", async () => {
  const word = `Quill${process.pid}`;
  const made = [];
  for (const name of ["Ada", "Berta", "Cleo"]) {
    made.push((await aUser({ displayName: `${word} ${name}` })).id);
  }
  const list = () => of("/users").header("ConsistencyLevel", "eventual").count(true);
  const found = await list().search(`"displayName:${word}"`).orderby("displayName desc").get();
  assert.deepEqual(ids(found), [...made].reverse());
  assert.equal(found["@odata.count"], 3);
  const prefix = `startsWith(displayName,'${word}')`;
  const second = list().filter(prefix).orderby("displayName").skip(1).top(1).select("id");
  assert.deepEqual(ids(await second.get()), [made[1]]);
  const paged = of("/users").filter(prefix).header("Prefer", "odata.maxpagesize=2");
  const first = await paged.get();
  assert.equal(first.value.length, 2);
  const seen = [];
  await new PageIterator(graph, first, (each) => seen.push(each.id) > 0).iterate();
  assert.deepEqual(seen.sort(), [...made].sort());
  assert.equal((await refusal(of("/users").orderby("bogus").get())).statusCode, 400);
});

test("an entity changes only if nobody changed it before", async () => {
  const flows = of("/identity/b2cUserFlows");
  const name = aNewName();
  const made = await flows.post({ id: name, userFlowType: "signIn", userFlowTypeVersion: 3 });
  const flow = () => of(`/identity/b2cUserFlows/${name}`);
  const tag = (await flow().get())["@odata.etag"] ?? made["@odata.etag"];
  assert.ok(tag);
  await flow().header("If-Match", tag).patch({ defaultLanguageTag: "fr" });
  const late = await refusal(flow().header("If-Match", tag).patch({ defaultLanguageTag: "de" }));
  assert.equal(late.statusCode, 412);
  assert.equal((await flow().get()).defaultLanguageTag, "fr");
  const minimal = flow().header("Prefer", "return=minimal");
  assert.equal(await minimal.patch({ defaultLanguageTag: "nl" }), undefined);
  await flow().header("If-Match", "*").delete();
});

test("an application has secrets, roles, scopes and a property of users", async () => {
  const role = {
    id: randomUUID(),
    value: "run",
    displayName: "Run",
    description: "Runs",
    isEnabled: true,
    allowedMemberTypes: ["User", "Application"],
  };
  const made = await of("/applications").post({
    displayName: aNewName(),
    web: { redirectUris: ["https://shop.example/callback"] },
    spa: { redirectUris: ["https://shop.example/"] },
    publicClient: { redirectUris: ["http://localhost"] },
    appRoles: [role],
    optionalClaims: { idToken: [{ name: "email", essential: false }] },
  });
  const application = `/applications/${made.id}`;
  const body = { passwordCredential: { displayName: "of a test" } };
  const added = await of(`${application}/addPassword`).post(body);
  assert.ok(added.secretText);
  await of(`${application}/removePassword`).post({ keyId: added.keyId });
  const scope = {
    id: randomUUID(),
    value: "read",
    type: "Admin",
    isEnabled: true,
    adminConsentDisplayName: "Read",
    adminConsentDescription: "Reads",
  };
  const api = { oauth2PermissionScopes: [scope] };
  await of(application).patch({ identifierUris: [`api://${made.appId}`], api });
  const user = await aUser();
  const principal = await of("/servicePrincipals").post({ appId: made.appId });
  const assigned = await of(`/servicePrincipals/${principal.id}/appRoleAssignedTo`).post({
    principalId: user.id,
    resourceId: principal.id,
    appRoleId: role.id,
  });
  assert.deepEqual(ids(await of(`/users/${user.id}/appRoleAssignments`).get()), [assigned.id]);
  const grant = await of("/oauth2PermissionGrants").post({
    clientId: principal.id,
    consentType: "AllPrincipals",
    resourceId: principal.id,
    scope: "read",
  });
  const grants = await of("/oauth2PermissionGrants").filter(`clientId eq '${principal.id}'`).get();
  assert.deepEqual(ids(grants), [grant.id]);
  await of(`/oauth2PermissionGrants/${grant.id}`).delete();
  const byAppId = await of(`/servicePrincipals(appId='${made.appId}')`).get();
  assert.equal(byAppId.id, principal.id);
  await of(`/servicePrincipals/${principal.id}`).delete();
  await of(application).delete();
});

test("a property of users is declared, given and found by", async () => {
  const holder = "startsWith(displayName,'b2c-extensions-app')";
  const [{ id }] = (await of("/applications").filter(holder).get()).value;
  const property = await of(`/applications/${id}/extensionProperties`).post({
    name: `size${process.pid}`,
    dataType: "String",
    targetObjects: ["User"],
  });
  const user = await aUser({ [property.name]: "M" });
  const found = await of("/users").filter(`${property.name} eq 'M'`).get();
  assert.deepEqual(ids(found), [user.id]);
  assert.equal((await of(`/users/${user.id}`).select(property.name).get())[property.name], "M");
  await of(`/applications/${id}/extensionProperties/${property.id}`).delete();
});

test("the directory tells of itself and of every change", async () => {
  const [organization] = (await of("/organization").get()).value;
  assert.equal(organization.id, facts.tenant_id);
  assert.ok(ids(await of("/domains").get()).includes(facts.tenant_domain));
  const policy = await of("/policies/b2cAuthenticationMethodsPolicy").get();
  assert.equal(typeof policy.isEmailPasswordAuthenticationEnabled, "boolean");
  const user = await aUser();
  const about = `targetResources/any(t:t/id eq '${user.id}')`;
  const audits = await of("/auditLogs/directoryAudits").filter(about).get();
  assert.equal(audits.value.length, 1);
  assert.equal(audits.value[0].initiatedBy.app.appId, facts.admin.client_id);
  assert.ok(Array.isArray((await of("/auditLogs/signIns").top(1).get()).value));
});
