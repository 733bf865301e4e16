// Servers for a test runner: its global set-up starts one for each worker, and the set-up of each test file finds the
// one of its worker. What the two share is in the environment, as a runner's workers may be processes or threads.
"use strict";

const { readFileSync } = require("node:fs");
const path = require("node:path");
const { Server } = require("./server.js");

const SERVERS = "KEYFRONT_SERVERS";
// What each runner calls the number of a worker, counted from 1.
const WORKER = ["VITEST_POOL_ID", "JEST_WORKER_ID"];

let started = [];

/** Starts a server for each worker. The settings are those under `keyfront` in the package.json of `root`. */
async function startServers(root, workers) {
  const settings = readSettings(root);
  const starting = Array.from({ length: Math.max(1, workers) }, () => Server.start({ ...settings, cwd: root }));
  const outcomes = await Promise.allSettled(starting);
  started = outcomes.filter(({ value }) => value).map(({ value }) => value);
  const failed = outcomes.find(({ status }) => status === "rejected");
  if (failed) {
    await stopServers();
    throw failed.reason;
  }
  const described = await Promise.all(
    started.map(async (server) => {
      const { endpoint, admin, edges } = server;
      return { endpoint, admin, edges, variables: await server.variables() };
    }),
  );
  process.env[SERVERS] = JSON.stringify(described);
  // Workers that are processes load Node's part before anything else, by NODE_OPTIONS. This process runs already.
  apply(described[0].variables);
  require(process.env.KEYFRONT_NODE_PRELOAD);
}

async function stopServers() {
  await Promise.all(started.map((server) => server.stop()));
  started = [];
}

function readSettings(root) {
  let text;
  try {
    text = readFileSync(path.join(root, "package.json"), "utf8");
  } catch {
    return {};
  }
  const { seed, arguments: more, ...unknown } = JSON.parse(text).keyfront ?? {};
  const names = Object.keys(unknown);
  if (names.length) throw new Error(`package.json: keyfront has seed and arguments, and not ${names.join(", ")}`);
  return { seed, arguments: more };
}

function describedServer() {
  const described = process.env[SERVERS];
  if (!described) {
    throw new Error("no Keyfront server was started: the global set-up of keyfront is not in the runner's settings");
  }
  const servers = JSON.parse(described);
  const worker = WORKER.map((name) => process.env[name]).find((number) => number) ?? "1";
  const index = Number(worker) - 1;
  // Two workers on one server would undo each other's changes.
  if (!servers[index]) throw new Error(`worker ${worker} has no Keyfront server: ${servers.length} were started`);
  return servers[index];
}

let current = null;

/** The server of this worker. */
function keyfront() {
  const { endpoint, admin, edges } = describedServer();
  if (current?.endpoint !== endpoint) current = new Server({ endpoint, admin, edges });
  return current;
}

/** Points the AWS clients that this process makes at the server of this worker. */
function pointClientsHere() {
  apply(describedServer().variables);
  require(process.env.KEYFRONT_NODE_PRELOAD);
}

function apply(variables) {
  for (const [name, value] of Object.entries(variables)) {
    if (value === null) delete process.env[name];
    else process.env[name] = value;
  }
}

const SNAPSHOT = "before-the-test";

/** Registers, by a runner's own hooks, that what a test changes is undone after it. */
function putBack({ afterAll, afterEach, beforeEach }) {
  beforeEach(() => keyfront().save(SNAPSHOT));
  afterEach(async () => {
    await keyfront().clearFaults();
    await keyfront().restore(SNAPSHOT);
  });
  afterAll(async () => {
    await keyfront().clearFaults();
    await keyfront().reset();
  });
}

module.exports = { keyfront, pointClientsHere, putBack, startServers, stopServers };
