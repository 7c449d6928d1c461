// What lies inside a user flow, and what user flows refer to.

import assert from "node:assert/strict";
import test from "node:test";
import { aFlow, aNewName, graph, ids, reference, refusal } from "./client.js";

const IDENTITY = "/identity";
const WORDS = {
  LocalizedStrings: [
    {
      ElementType: "UxElement",
      ElementId: null,
      StringId: "heading",
      Override: true,
      Value: "Únete",
    },
  ],
};

/** Make a user flow and return a function that opens what lies in it. */
async function aUserFlow(more = {}) {
  const made = await graph.api(`${IDENTITY}/b2cUserFlows`).post({ ...aFlow(), ...more });
  return (path = "") => graph.api(`${IDENTITY}/b2cUserFlows/${made.id}${path}`);
}

/** Return a number that was answered as text. */
const number = async (answer) => Number(await new Response(await answer).text());

test("providers of a user flow are referred to", async () => {
  const types = await graph.api(`${IDENTITY}/identityProviders/availableProviderTypes()`).get();
  assert.ok(types.value.includes("Amazon"));
  const made = await graph.api(`${IDENTITY}/identityProviders`).post({
    "@odata.type": "#microsoft.graph.openIdConnectIdentityProvider",
    displayName: aNewName(),
    clientId: "us",
    clientSecret: "a-secret-of-theirs",
    scope: "openid",
    responseType: "code",
    responseMode: "query",
    metadataUrl: "https://login.example/.well-known/openid-configuration",
    claimsMapping: { userId: "sub", displayName: "name" },
  });
  const provider = graph.api(`${IDENTITY}/identityProviders/${made.id}`);
  assert.equal(await provider.patch({ displayName: "Partner" }), undefined);
  const found = await provider.get();
  assert.equal(found.displayName, "Partner");
  assert.notEqual(found.clientSecret, "a-secret-of-theirs");
  const flow = await aUserFlow();
  const where = reference(`${IDENTITY}/identityProviders/${made.id}`);
  for (const name of ["userFlowIdentityProviders", "identityProviders"]) {
    await flow(`/${name}/$ref`).post(where);
    assert.deepEqual(ids(await flow(`/${name}`).get()), [made.id]);
    assert.equal(await number(flow(`/${name}/$count`).get()), 1);
    const whole = await flow().expand(name).select(["id"]).get();
    assert.deepEqual(whole[name].map((each) => each.id), [made.id]);
    await flow(`/${name}/${made.id}/$ref`).delete();
    assert.deepEqual(ids(await flow(`/${name}`).get()), []);
  }
  await provider.delete();
});

test("attributes are made, asked for, put in order and given a shape", async () => {
  const attributes = `${IDENTITY}/userFlowAttributes`;
  for (const dataType of ["string", "boolean", "int64", "stringCollection", "dateTime"]) {
    const body = { displayName: aNewName(), description: "Asked by a test", dataType };
    const made = await graph.api(attributes).post(body);
    assert.match(made.id, /^extension_[0-9a-f]{32}_/);
    assert.equal(made.dataType, dataType);
    await graph.api(`${attributes}/${made.id}`).delete();
  }
  const built = await graph.api(attributes).filter("userFlowAttributeType eq 'builtIn'").get();
  assert.ok(ids(built).includes("city"));
  const flow = await aUserFlow();
  const assignments = "/userAttributeAssignments";
  await flow(assignments).post({
    displayName: "Size",
    isOptional: true,
    requiresVerification: false,
    userInputType: "dropdownSingleSelect",
    userAttributeValues: [{ name: "Small", value: "s", isDefault: true }],
    userAttribute: { id: "jobTitle" },
  });
  const { order } = await flow(`${assignments}/getOrder()`).get();
  assert.ok(order.includes("jobTitle"));
  const reversed = { newAssignmentOrder: { order: [...order].reverse() } };
  await flow(`${assignments}/setOrder`).post(reversed);
  const after = await flow(`${assignments}/getOrder()`).get();
  assert.deepEqual(after.order, reversed.newAssignmentOrder.order);
  const size = flow(`${assignments}/jobTitle`);
  assert.equal((await size.patch({ displayName: "Shirt" })).displayName, "Shirt");
  const whole = await flow(`${assignments}/jobTitle`).expand("userAttribute").get();
  assert.equal(whole.userAttribute.id, "jobTitle");
  assert.deepEqual(whole.userAttributeValues, [{ name: "Small", value: "s", isDefault: true }]);
  await flow(`${assignments}/jobTitle`).delete();
  const wrong = await refusal(flow(assignments).post({ userAttribute: { id: "nothing" } }));
  assert.equal(wrong.statusCode, 400);
});

test("languages have words of their own on every page", async () => {
  const flow = await aUserFlow({ isLanguageCustomizationEnabled: true });
  const language = "/languages/es-ES";
  const made = await flow(language).put({ id: "es-ES", isEnabled: true });
  assert.equal(made?.isEnabled ?? true, true);
  const defaults = ids(await flow(`${language}/defaultPages`).get());
  const page = defaults.find((each) => each.includes("signup"));
  const before = await flow(`${language}/defaultPages/${page}/$value`).get();
  assert.ok(before.LocalizedStrings.length > 5);
  const own = flow(`${language}/overridesPages/${page}/$value`);
  await own.put(WORDS);
  assert.deepEqual(await own.get(), WORDS);
  const wrong = await refusal(own.put({ LocalizedStrings: [1] }));
  assert.equal(wrong.statusCode, 400);
  await flow(language).delete();
});

test("connectors are asked at the points of a user flow", async () => {
  const made = await graph.api(`${IDENTITY}/apiConnectors`).post({
    displayName: aNewName(),
    targetUrl: "https://hooks.example/check",
    authenticationConfiguration: {
      "@odata.type": "#microsoft.graph.basicAuthentication",
      username: "us",
      password: "a-password-of-theirs",
    },
  });
  const connector = `${IDENTITY}/apiConnectors/${made.id}`;
  const shown = (await graph.api(connector).get()).authenticationConfiguration;
  assert.equal(shown.username, "us");
  assert.notEqual(shown.password, "a-password-of-theirs");
  const flow = await aUserFlow();
  const points = ["postFederationSignup", "postAttributeCollection", "preTokenIssuance"];
  for (const point of points) {
    const at = `/apiConnectorConfiguration/${point}`;
    await flow(`${at}/$ref`).put(reference(connector));
    assert.equal((await flow(at).get()).id, made.id);
  }
  const whole = await flow("/apiConnectorConfiguration").expand(points).get();
  assert.deepEqual(points.map((each) => whole[each].id), [made.id, made.id, made.id]);
  assert.equal((await refusal(graph.api(connector).delete())).statusCode, 409);
  for (const each of points) await flow(`/apiConnectorConfiguration/${each}/$ref`).delete();
  await graph.api(connector).delete();
});

test("layouts of pages and claims of tokens are changed", async () => {
  const flow = await aUserFlow();
  const layouts = await flow("/pageLayouts").get();
  const layout = `/pageLayouts/${layouts.value[0].id}`;
  const versions = (await flow(`${layout}/availableVersions`).get()).value;
  assert.equal((await flow(layout).patch({ version: versions[0] })).version, versions[0]);
  assert.equal(await flow(`${layout}/restoreDefaultPageUri`).post({}), undefined);
  const claims = ids(await flow("/applicationClaims").get());
  const [first, ...others] = claims;
  await flow(`/applicationClaims/${first}/$ref`).delete();
  assert.deepEqual(ids(await flow("/applicationClaims").get()), others);
  await flow("/applicationClaims/$ref").post(reference(`${IDENTITY}/userFlowAttributes/${first}`));
  assert.deepEqual(ids(await flow("/applicationClaims").get()).sort(), claims.sort());
});

test("settings that were a portal's are read, changed and refused by name", async () => {
  const flow = await aUserFlow();
  const lifetimes = { tokenLifetimeConfiguration: { accessAndIdTokenLifetimeInMinutes: 30 } };
  const changed = await flow().patch({ ...lifetimes, isJavaScriptEnabled: false });
  assert.equal(changed.tokenLifetimeConfiguration.accessAndIdTokenLifetimeInMinutes, 30);
  lifetimes.tokenLifetimeConfiguration.accessAndIdTokenLifetimeInMinutes = 4;
  const error = await refusal(flow().patch(lifetimes));
  assert.equal(error.statusCode, 400);
  assert.match(error.body, /tokenLifetimeConfiguration/);
});

test("a user flow for guests has an address of its own", async () => {
  const flows = graph.api(`${IDENTITY}/b2xUserFlows`).version("v1.0");
  const made = await flows.post({ ...aFlow(aNewName().slice(6)), userFlowTypeVersion: 1 });
  assert.match(made.id, /^B2X_1_/);
  await graph.api(`${IDENTITY}/b2xUserFlows/${made.id}`).version("v1.0").delete();
});
