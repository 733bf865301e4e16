// A Keyfront server in a container, for tests in Node with Testcontainers.
//
// A container of its own makes the credential first, as `keyfront serve` starts with none, into a volume that the server
// then has. The credential is random, may do everything, and is gone with the volume when the server stops.

const { randomBytes } = require("node:crypto");
const dns = require("node:dns");
const http = require("node:http");
const { AbstractStartedContainer, GenericContainer, Wait, getContainerRuntimeClient } = require("testcontainers");

const [API, ADMIN, EDGE] = [4700, 4701, 4702];
const ACCOUNT = "000000000000";
const DATA = "/var/lib/keyfront";
const FOLDER = "/etc/keyfront";
const SECRET = `${FOLDER}/secret`;
// The user in the container: not every engine gives a new volume to the one of the image.
const ROOT = "0:0";

const CONFIGURATION = `\
[server]
listen = "0.0.0.0:${API}"

[admin]
listen = "0.0.0.0:${ADMIN}"

[edge]
enabled = true
listen = "0.0.0.0:${EDGE}"

[store]
data = "${DATA}"

[testing]
snapshots = true
faults = true
`;
const POLICY = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}';

class KeyfrontContainer extends GenericContainer {
  #image;
  #files;
  #credential = {
    accessKeyId: `AKIA${randomBytes(8).toString("hex").toUpperCase()}`,
    secretAccessKey: randomBytes(30).toString("base64url"),
  };
  #volume = `keyfront-${randomBytes(8).toString("hex")}`;

  constructor(image = "keyfront", configuration = "") {
    super(image);
    this.#image = image;
    this.#files = [
      { content: CONFIGURATION + configuration, target: `${FOLDER}/keyfront.toml` },
      { content: POLICY, target: `${FOLDER}/policy.json` },
      { content: this.#credential.secretAccessKey, target: SECRET },
    ].map((file) => ({ ...file, mode: 0o600 }));
    this.#prepare(this)
      .withCommand(["serve", "--config", `${FOLDER}/keyfront.toml`])
      .withExposedPorts(API, ADMIN, EDGE)
      .withWaitStrategy(Wait.forHttp("/health/ready", ADMIN));
  }

  async start() {
    await this.#createCredential();
    return new StartedKeyfrontContainer(await super.start(), this.#volume, this.#credential);
  }

  #prepare(container) {
    const mount = { source: this.#volume, target: DATA, mode: "rw" };
    return container.withUser(ROOT).withBindMounts([mount]).withCopyContentToContainer(this.#files);
  }

  async #createCredential() {
    const words = ["credentials", "create", "--config", `${FOLDER}/keyfront.toml`, "--account", ACCOUNT];
    words.push("--user", "tests", "--policy", `${FOLDER}/policy.json`);
    words.push("--access-key-id", this.#credential.accessKeyId, "--secret-access-key-file", SECRET);
    const creating = await this.#prepare(new GenericContainer(this.#image))
      .withNetworkMode("none")
      .withCommand(words)
      .withWaitStrategy(Wait.forOneShotStartup())
      .start();
    await creating.stop();
  }
}

class StartedKeyfrontContainer extends AbstractStartedContainer {
  #agent = null;
  #volume;

  constructor(started, volume, credentials) {
    super(started);
    this.#volume = volume;
    this.credentials = credentials;
  }

  get endpoint() {
    return this.#url(API);
  }

  get edge() {
    return this.#url(EDGE);
  }

  client(Client, options = {}) {
    // The SDK puts the account in front of the data plane's host, which leads to the server all the same.
    const lookup = (_name, settings, done) => dns.lookup(this.getHost(), settings, done);
    this.#agent ??= new http.Agent({ lookup, keepAlive: true });
    return new Client({
      endpoint: `http://keyfront.internal:${this.getMappedPort(API)}`,
      region: "us-east-1",
      credentials: this.credentials,
      requestHandler: { httpAgent: this.#agent },
      ...options,
    });
  }

  async reset() {
    await this.request("POST", "/reset");
  }

  async save(name) {
    await this.request("POST", `/snapshots/${name}`);
  }

  async restore(name) {
    await this.request("POST", `/snapshots/${name}/restore`);
  }

  async request(method, path, body) {
    const answer = await fetch(this.#url(ADMIN) + path, {
      method,
      headers: { Authorization: `Bearer ${await this.#token()}` },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${answer.status}: ${text.trim()}`);
    return text ? JSON.parse(text) : undefined;
  }

  async stop(options) {
    this.#agent?.destroy();
    const stopped = await super.stop(options);
    const { container } = await getContainerRuntimeClient();
    await container.dockerode.getVolume(this.#volume).remove();
    return stopped;
  }

  #url(port) {
    return `http://${this.getHost()}:${this.getMappedPort(port)}`;
  }

  async #token() {
    // A tar archive of one file, whose content begins after a header of 512 bytes: the address, then the token.
    const archive = await read(await this.copyArchiveFromContainer(`${DATA}/control`));
    return archive.slice(512).split("\n")[1];
  }
}

async function read(stream) {
  const parts = [];
  for await (const part of stream) parts.push(Buffer.from(part));
  return Buffer.concat(parts).toString("latin1");
}

module.exports = { KeyfrontContainer, StartedKeyfrontContainer };
