const { CloudFrontClient, CreateKeyValueStoreCommand, ListKeyValueStoresCommand } = require("@aws-sdk/client-cloudfront");
const {
  CloudFrontKeyValueStoreClient,
  DescribeKeyValueStoreCommand,
  GetKeyCommand,
  PutKeyCommand,
} = require("@aws-sdk/client-cloudfront-keyvaluestore");
const { keyfront, Server } = require("keyfront");

const own = new CloudFrontClient({});
const server = keyfront();
const data = server.client(CloudFrontKeyValueStoreClient);

async function names(client) {
  const { KeyValueStoreList } = await client.send(new ListKeyValueStoresCommand({}));
  return (KeyValueStoreList.Items ?? []).map((store) => store.Name).sort();
}

async function arn(name) {
  const { KeyValueStoreList } = await own.send(new ListKeyValueStoresCommand({}));
  return KeyValueStoreList.Items.find((store) => store.Name === name).ARN;
}

async function put(KvsARN, Key, Value) {
  const { ETag } = await data.send(new DescribeKeyValueStoreCommand({ KvsARN }));
  return data.send(new PutKeyCommand({ KvsARN, Key, Value, IfMatch: ETag }));
}

beforeAll(async () => {
  // What is made for a whole file stays for its tests, and is gone after them.
  await server.seed({ file: { a: "ü €" }, redirects: { "/more": "/pairs" } });
});

test.each([1, 2])("what a test changes is undone, %i", async (turn) => {
  expect(await names(own)).toEqual(["file", "redirects"]);
  const KvsARN = await arn("redirects");
  await put(KvsARN, "/offer", `/${turn}`);
  await own.send(new CreateKeyValueStoreCommand({ Name: "more" }));
  expect(await names(server.client(CloudFrontClient))).toEqual(["file", "more", "redirects"]);
  await server.fault("GetKey", "internal-error");
});

test.each([1, 2])("a fault is undone, %i", async () => {
  const KvsARN = await arn("redirects");
  expect((await data.send(new GetKeyCommand({ KvsARN, Key: "/more" }))).Value).toBe("/pairs");
  expect((await data.send(new GetKeyCommand({ KvsARN: await arn("file"), Key: "a" }))).Value).toBe("ü €");
  await server.fault("GetKey", "internal-error");
});

test("clients that the tested code makes reach the data plane too", async () => {
  const KvsARN = await arn("redirects");
  const { Value } = await new CloudFrontKeyValueStoreClient({}).send(new GetKeyCommand({ KvsARN, Key: "/old" }));
  expect(Value).toBe("/new");
});

test("a fault with a count", async () => {
  const KvsARN = await arn("redirects");
  await server.withFault("PutKey", "throttle", { count: 2 }, async (fault) => {
    expect((await put(KvsARN, "/a", "/b")).$metadata.attempts).toBe(3);
    expect(await fault.hits()).toBe(2);
  });
});

test("a fault of any code", async () => {
  const KvsARN = await arn("redirects");
  const fault = await server.fault("GetKey", "error=ResourceNotFoundException");
  await expect(data.send(new GetKeyCommand({ KvsARN, Key: "/old" }))).rejects.toThrow();
  await fault.remove();
  expect(await fault.hits()).toBe(1);
  await expect(server.fault("Nothing", "throttle")).rejects.toMatchObject({ name: "AdminError", status: 400 });
});

test("a command", async () => {
  expect(await server.run("kvs", "get", "redirects", "/old")).toBe("/new\n");
  await expect(server.run("kvs", "get", "redirects", "/nothing")).rejects.toThrow("/nothing");
});

test("a second server", async () => {
  const second = await Server.start();
  expect(await names(second.client(CloudFrontClient))).toEqual([]);
  await second.stop();
  await expect(second.request("GET", "/faults")).rejects.toThrow();
});

test("a server that cannot start says why", async () => {
  await expect(Server.start({ seed: "there-is-none" })).rejects.toThrow("there-is-none");
});
