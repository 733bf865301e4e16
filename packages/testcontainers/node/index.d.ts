import type { AbstractStartedContainer, GenericContainer } from "testcontainers";

/** A Keyfront server in a container, of the image of packages/container. */
export declare class KeyfrontContainer extends GenericContainer {
  /** `configuration` is TOML that is added to the module's own. */
  constructor(image?: string, configuration?: string);
  start(): Promise<StartedKeyfrontContainer>;
}

export declare class StartedKeyfrontContainer extends AbstractStartedContainer {
  /** The credential that the server has; it may do everything. */
  readonly credentials: { accessKeyId: string; secretAccessKey: string };
  /** The URL of the API. */
  readonly endpoint: string;
  /** The URL at which viewers are served; a distribution is found by the Host header. */
  readonly edge: string;
  /** A client of the AWS SDK for JavaScript 3. The data plane wants `@aws-sdk/signature-v4a`, loaded by the project. */
  client<Client>(Class: new (options: object) => Client, options?: object): Client;
  /** Empties the server. */
  reset(): Promise<void>;
  /** Saves what the server holds, in place of an earlier snapshot of that name. */
  save(name: string): Promise<void>;
  /** Undoes, in one step, all that changed since the snapshot was saved. */
  restore(name: string): Promise<void>;
  /** Sends a request to the admin address, such as one for a fault, and returns the JSON of its answer. */
  request(method: string, path: string, body?: unknown): Promise<unknown>;
}
