// Starts a Keyfront server before all tests, and points the AWS SDK at it.

const { execFileSync, spawn } = require("node:child_process");
const { openSync } = require("node:fs");
const { createInterface } = require("node:readline");

module.exports = async () => {
  const log = openSync("keyfront.log", "w");
  const anyPort = "127.0.0.1:0";
  const server = spawn(
    "keyfront",
    ["dev", "--ephemeral", "--seed", "seeds", "--listen", anyPort, "--admin", anyPort],
    { stdio: ["ignore", "pipe", log] },
  );
  globalThis.keyfront = server;

  // It prints `edge`, `ready` and `admin`, each with an address.
  const addresses = {};
  for await (const line of createInterface({ input: server.stdout })) {
    const [what, address] = line.split(" ");
    addresses[what] = address;
    if (what === "admin") break;
  }
  if (!addresses.admin) throw new Error("keyfront did not start; keyfront.log says why");

  const changes = execFileSync("keyfront", ["env", "--json", "--endpoint", addresses.ready]);
  for (const [name, value] of Object.entries(JSON.parse(changes))) {
    if (value === null) delete process.env[name];
    else process.env[name] = value;
  }
  process.env.KEYFRONT_ADMIN = new URL(addresses.admin).host;
  // This process runs already, so NODE_OPTIONS comes too late for it.
  require(process.env.KEYFRONT_NODE_PRELOAD);
};
