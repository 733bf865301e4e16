// The module against a server in a container: node --test

import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { CloudFrontClient, CreateKeyValueStoreCommand, ListKeyValueStoresCommand } from "@aws-sdk/client-cloudfront";
import * as kvs from "@aws-sdk/client-cloudfront-keyvaluestore";
import "@aws-sdk/signature-v4a";
import { KeyfrontContainer } from "./index.js";

let keyfront;
let cloudfront;

before(async () => {
  keyfront = await new KeyfrontContainer().start();
  cloudfront = keyfront.client(CloudFrontClient);
});
after(() => keyfront?.stop());
afterEach(() => keyfront.reset());

async function names() {
  const { KeyValueStoreList } = await cloudfront.send(new ListKeyValueStoresCommand({}));
  return (KeyValueStoreList.Items ?? []).map((store) => store.Name);
}

test("both planes answer", async () => {
  const { KeyValueStore } = await cloudfront.send(new CreateKeyValueStoreCommand({ Name: "redirects" }));
  const data = keyfront.client(kvs.CloudFrontKeyValueStoreClient);
  const store = { KvsARN: KeyValueStore.ARN };
  const { ETag } = await data.send(new kvs.DescribeKeyValueStoreCommand(store));
  await data.send(new kvs.PutKeyCommand({ ...store, Key: "/old", Value: "/new", IfMatch: ETag }));
  assert.equal((await data.send(new kvs.GetKeyCommand({ ...store, Key: "/old" }))).Value, "/new");
});

test("another secret is refused", async () => {
  const credentials = { ...keyfront.credentials, secretAccessKey: "another one" };
  const other = keyfront.client(CloudFrontClient, { credentials });
  await assert.rejects(other.send(new ListKeyValueStoresCommand({})), { name: "SignatureDoesNotMatch" });
});

test("a snapshot is restored", async () => {
  await cloudfront.send(new CreateKeyValueStoreCommand({ Name: "first" }));
  await keyfront.save("first");
  await cloudfront.send(new CreateKeyValueStoreCommand({ Name: "second" }));
  await keyfront.restore("first");
  assert.deepEqual(await names(), ["first"]);
});

test("a fault is met", async () => {
  await keyfront.request("POST", "/faults", { Operation: "ListKeyValueStores", Fault: "error", Error: "AccessDenied" });
  try {
    await assert.rejects(names(), { name: "AccessDenied" });
  } finally {
    await keyfront.request("DELETE", "/faults");
  }
});
