// A server for tests: `keyfront dev` on free ports, with everything in memory.
"use strict";

const { execFile, spawn } = require("node:child_process");
const dns = require("node:dns");
const http = require("node:http");
const path = require("node:path");
const { createRequire } = require("node:module");
const { createInterface } = require("node:readline");
const { promisify } = require("node:util");
const { mkdtemp, rm, writeFile } = require("node:fs/promises");
const { tmpdir } = require("node:os");
const { findBinary } = require("./binary.js");

const ANY_PORT = "127.0.0.1:0";
// What leads an AWS client elsewhere, and what the program would take as its own options.
const FOREIGN = /^(AWS_|KEYFRONT_(?!LOG$)|(HTTPS?|ALL|NO)_PROXY$|NODE_OPTIONS$)/i;
// How much of the log is kept for the message of a failed start, in characters.
const LOG_KEPT = 64 * 1024;

function ownEnvironment() {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !FOREIGN.test(name)));
}

class AdminError extends Error {
  constructor(status, reason) {
    super(reason);
    this.name = "AdminError";
    this.status = status;
  }
}

class Server {
  #process = null;
  #agent = null;
  #faults = new Set();

  constructor({ endpoint, admin, edges = [] }) {
    this.endpoint = endpoint;
    this.admin = admin;
    this.edges = edges;
  }

  static async start({ seed, arguments: more = [], cwd } = {}) {
    // Its standard input ends with this process, however that ends.
    const words = ["dev", "--ephemeral", "--listen", ANY_PORT, "--admin", ANY_PORT, "--exit-with-stdin"];
    if (seed !== undefined) words.push("--seed", seed);
    const child = spawn(findBinary(), [...words, ...more], {
      stdio: ["pipe", "pipe", "pipe"],
      env: ownEnvironment(),
      cwd,
    });
    let log = "";
    child.stderr.setEncoding("utf8").on("data", (text) => (log = (log + text).slice(-LOG_KEPT)));
    const failed = new Promise((_, reject) => child.once("error", reject));
    const said = { edges: [] };
    const reading = (async () => {
      for await (const line of createInterface({ input: child.stdout })) {
        const [what, address] = line.split(" ");
        if (what === "edge") said.edges.push(address);
        else said[what] = address;
        // The last of them.
        if (what === "admin") return;
      }
      throw new Error(`keyfront did not start: ${log.trim()}`);
    })();
    await Promise.race([reading, failed]);
    // A test runner waits for whatever is still open; the server is to end with it, and not the other way round.
    child.unref();
    child.stdin.unref?.();
    child.stdout.unref?.();
    child.stderr.unref?.();
    const server = new Server({ endpoint: said.ready, admin: said.admin, edges: said.edges });
    server.#process = child;
    server.#endWithThisProcess();
    return server;
  }

  #endWithThisProcess() {
    const child = this.#process;
    const kill = () => child.kill("SIGKILL");
    process.once("exit", kill);
    child.once("exit", () => process.off("exit", kill));
  }

  async stop() {
    this.#agent?.destroy();
    const child = this.#process;
    this.#process = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.ref();
    await new Promise((resolve) => {
      child.once("exit", resolve);
      child.kill("SIGTERM");
    });
  }

  client(Client, options = {}) {
    const { hostname, port } = new URL(this.endpoint);
    // The SDK puts the account in front of the data plane's host, which leads to the server all the same.
    const lookup = (_name, settings, done) => dns.lookup(hostname, settings, done);
    this.#agent ??= new http.Agent({ lookup, keepAlive: true });
    loadSigV4A();
    return new Client({
      endpoint: `http://keyfront.internal:${port}`,
      region: "us-east-1",
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
      requestHandler: { httpAgent: this.#agent },
      ...options,
    });
  }

  async variables() {
    return JSON.parse(await this.run("env", "--json"));
  }

  async run(...words) {
    const environment = { ...ownEnvironment(), KEYFRONT_ENDPOINT: this.endpoint };
    environment.KEYFRONT_ADMIN = new URL(this.admin).host;
    const { stdout } = await promisify(execFile)(findBinary(), words, { env: environment, maxBuffer: 64 * 1024 * 1024 });
    return stdout;
  }

  async seed(stores) {
    const listed = JSON.parse(await this.run("kvs", "list", "--output", "json"));
    const present = new Set(listed.map((store) => store.Name));
    const folder = await mkdtemp(path.join(tmpdir(), "keyfront-"));
    try {
      for (const [name, pairs] of Object.entries(stores)) {
        const file = path.join(folder, `${name}.json`);
        await writeFile(file, JSON.stringify(pairs));
        const words = present.has(name) ? ["kvs", "sync", "--yes"] : ["kvs", "create"];
        await this.run(...words, name, "--file", file);
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  }

  async save(name) {
    await this.request("POST", `/snapshots/${name}`);
  }

  async restore(name) {
    await this.request("POST", `/snapshots/${name}/restore`);
  }

  async reset() {
    await this.request("POST", "/reset");
  }

  async fault(operation, fault, settings = {}) {
    const made = await this.request("POST", "/faults", rule(operation, fault, settings));
    const found = new Fault(this, made);
    this.#faults.add(found);
    return found;
  }

  async withFault(operation, fault, settings, block) {
    const made = await this.fault(operation, fault, settings);
    try {
      return await block(made);
    } finally {
      await made.remove();
    }
  }

  async clearFaults() {
    for (const fault of this.#faults) await fault.remove();
    this.#faults.clear();
    await this.request("DELETE", "/faults");
  }

  // Not by fetch: test environments such as jsdom put another one in its place.
  request(method, path, body) {
    const headers = { Authorization: "Bearer test" };
    const content = body === undefined ? undefined : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const request = http.request(this.admin + path, { method, headers, agent: false }, (answer) => {
        let text = "";
        answer.setEncoding("utf8").on("data", (more) => (text += more));
        answer.on("error", reject);
        answer.on("end", () => {
          if (answer.statusCode >= 400) reject(new AdminError(answer.statusCode, text.trim()));
          else resolve(text ? JSON.parse(text) : undefined);
        });
      });
      request.on("error", reject);
      request.end(content);
    });
  }
}

class Fault {
  #server;
  #last;
  #removed = false;

  constructor(server, made) {
    this.#server = server;
    this.#last = made;
    this.id = made.Id;
    this.rule = made.Rule;
  }

  async hits() {
    if (!this.#removed) {
      const current = (await this.#server.request("GET", "/faults")).find((fault) => fault.Id === this.id);
      if (current) this.#last = current;
      else this.#useUp();
    }
    return this.#last.Hits;
  }

  async remove() {
    if (this.#removed) return;
    try {
      this.#last = await this.#server.request("DELETE", `/faults/${this.id}`);
    } catch (error) {
      if (error.status !== 404) throw error;
      this.#useUp();
    }
    this.#removed = true;
  }

  // The server forgets a fault that has affected as many requests as its count says.
  #useUp() {
    if (this.#last.Count !== undefined) this.#last = { ...this.#last, Hits: this.#last.Count };
  }
}

function rule(operation, fault, settings) {
  const capitalized = Object.entries(settings).map(([name, value]) => [name[0].toUpperCase() + name.slice(1), value]);
  const [kind, code] = fault.split("=");
  const error = code === undefined ? {} : { Error: code };
  return { Operation: operation, Fault: kind, ...error, ...Object.fromEntries(capitalized) };
}

// The SDK signs the data plane with SigV4A once one of these is loaded, on AWS too. It is the project's own package.
function loadSigV4A() {
  const project = createRequire(path.join(process.cwd(), "package.json"));
  for (const name of ["@aws-sdk/signature-v4-crt", "@aws-sdk/signature-v4a"]) {
    try {
      project(name);
      return;
    } catch (error) {
      if (error.code !== "MODULE_NOT_FOUND") throw error;
    }
  }
}

module.exports = { AdminError, Fault, Server, ownEnvironment };
