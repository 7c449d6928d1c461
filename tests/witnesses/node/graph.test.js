// User flows as whoever scripts them in JavaScript meets them, and what goes for every request.

import assert from "node:assert/strict";
import test from "node:test";
import { BatchRequestContent, BatchResponseContent, PageIterator } from "@microsoft/microsoft-graph-client";
import { aFlow, aNewName, facts, graph, open, refusal } from "./client.js";

const FLOWS = "/identity/userFlows";
const JSON_BODY = { "Content-Type": "application/json" };

const flow = (id) => graph.api(`${FLOWS}/${id}`);

test("a user flow is created, read, changed, listed and deleted", async () => {
  const sent = aFlow();
  const made = await graph.api(FLOWS).post(sent);
  assert.equal(made.id, sent.id);
  assert.equal(made["@odata.type"], "#microsoft.graph.b2cIdentityUserFlow");
  const changed = await flow(sent.id).patch({ defaultLanguageTag: "fr" });
  assert.equal(changed.defaultLanguageTag, "fr");
  assert.equal((await flow(sent.id).get()).defaultLanguageTag, "fr");
  const listed = await graph.api(FLOWS).filter(`id eq '${sent.id}'`).select(["id"]).get();
  assert.deepEqual(listed.value.map((each) => each.id), [sent.id]);
  await flow(sent.id).delete();
  assert.equal((await refusal(flow(sent.id).get())).statusCode, 404);
});

test("both versions answer for what both have", async () => {
  const made = await graph.api("/identity/userFlowAttributes").version("v1.0").post({
    displayName: aNewName(),
    description: "Asked by a test",
    dataType: "string",
  });
  const found = await graph.api(`/identity/userFlowAttributes/${made.id}`).get();
  assert.equal(found.displayName, made.displayName);
  await graph.api(`/identity/userFlowAttributes/${made.id}`).delete();
});

test("an error tells code, target and request id", async () => {
  const error = await refusal(graph.api(FLOWS).post({ ...aFlow(), userFlowType: "none" }));
  assert.equal(error.statusCode, 400);
  assert.equal(error.code, "BadRequest");
  assert.match(error.body, /"target":"userFlowType"/);
  assert.ok(error.requestId);
  const sent = aFlow();
  await graph.api(FLOWS).post(sent);
  assert.equal((await refusal(graph.api(FLOWS).post(sent))).statusCode, 409);
});

test("a page iterator follows every page and can go on from a link", async () => {
  const made = [];
  for (let count = 0; count < 5; count++) made.push((await graph.api(FLOWS).post(aFlow())).id);
  const prefix = `startsWith(id,'B2C_1_node${process.pid}_')`;
  const first = await graph.api(FLOWS).filter(prefix).top(2).count(true).get();
  assert.equal(first.value.length, 2);
  const seen = [];
  const note = (each) => seen.push(each.id) > 0;
  await new PageIterator(graph, first, note).iterate();
  assert.equal(seen.length, new Set(seen).size);
  assert.equal(seen.length, first["@odata.count"]);
  assert.ok(made.every((id) => seen.includes(id)));
  assert.equal(first["@odata.nextLink"].startsWith(`${facts.origin}/beta${FLOWS}?`), true);
});

test("a batch is answered part by part and in order of dependency", async () => {
  const sent = aFlow();
  const address = `${facts.origin}${FLOWS}`;
  const content = new BatchRequestContent([
    {
      id: "make",
      request: new Request(address, {
        method: "POST",
        headers: JSON_BODY,
        body: JSON.stringify(sent),
      }),
    },
    { id: "read", dependsOn: ["make"], request: new Request(`${address}/${sent.id}`) },
    { id: "none", dependsOn: ["read"], request: new Request(`${address}/B2C_1_nothing`) },
  ]);
  const answer = new BatchResponseContent(
    await graph.api("/$batch").post(await content.getContent()),
  );
  assert.equal(answer.getResponseById("make").status, 201);
  assert.equal((await answer.getResponseById("read").json()).id, sent.id);
  const missing = answer.getResponseById("none");
  assert.equal(missing.status, 404);
  assert.equal((await missing.json()).error.code, "ResourceNotFound");
});

test("whoever may only read changes nothing", async () => {
  const reader = open("reader");
  assert.ok((await reader.api(FLOWS).top(1).get()).value.length <= 1);
  const error = await refusal(reader.api(FLOWS).post(aFlow()));
  assert.equal(error.statusCode, 403);
  assert.equal(error.code, "Authorization_RequestDenied");
  assert.equal((await refusal(open("nobody").api(FLOWS).get())).statusCode, 403);
});
