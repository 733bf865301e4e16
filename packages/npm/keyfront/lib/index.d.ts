/** Why the admin address refused a request; the message is the server's reason. */
export class AdminError extends Error {
  constructor(status: number, reason: string);
  /** The status of HTTP. */
  readonly status: number;
}

/** A rule that lets requests fail or be slow. */
export class Fault {
  private constructor();
  readonly id: number;
  /** As `keyfront fault list` shows it, such as `PutKey=throttle,count=2`. */
  readonly rule: string;
  /** How many requests it has affected. */
  hits(): Promise<number>;
  /** Removes it. To remove it again does nothing. */
  remove(): Promise<void>;
}

/** The faults; `error=CODE` is any error that the operation declares. */
export type FaultKind =
  | "conflict"
  | "throttle"
  | "internal-error"
  | "unavailable"
  | "latency"
  | "provisioning"
  | "drop"
  | `error=${string}`;

export interface FaultSettings {
  /** The next so many requests. */
  count?: number;
  /** Each request with this probability. */
  share?: number;
  /** Makes the choice of `share` the same in every run. */
  seed?: number;
  /** Only requests of this account. */
  account?: string;
  /** For `latency`: milliseconds. */
  ms?: number;
  /** For `provisioning`: seconds. */
  seconds?: number;
}

export interface ServerOptions {
  /** A folder of stores, as `keyfront dev --seed` takes it. */
  seed?: string;
  /** Further arguments of `keyfront dev`. */
  arguments?: string[];
  /** Where the server runs; paths in its arguments are relative to it. */
  cwd?: string;
}

/** A server of `keyfront dev`: account 000000000000, credentials test/test, everything in memory. */
export class Server {
  /** Stands for a server that runs already. */
  constructor(addresses: { endpoint: string; admin: string; edges?: string[] });
  /** Starts a server on free ports. It ends with this process at the latest. */
  static start(options?: ServerOptions): Promise<Server>;
  /** Ends the server, if `start` made it. */
  stop(): Promise<void>;

  /** The URL of the API. */
  readonly endpoint: string;
  /** The URL of health, metrics and the calls for tests. */
  readonly admin: string;
  /** The URLs at which viewers are served: over HTTP, and over HTTPS with `--edge-tls`; none with `--no-edge`. */
  readonly edges: string[];

  /**
   * A client of the AWS SDK, version 3, that reaches this server: `server.client(CloudFrontClient)`. The data plane's
   * client needs `@aws-sdk/signature-v4a` or `-crt` in the project, as on AWS.
   */
  client<Client extends new (options: any) => any>(
    type: Client,
    options?: Partial<NonNullable<ConstructorParameters<Client>[0]>>,
  ): InstanceType<Client>;
  /** The environment that points AWS clients at this server; null stands for a variable to remove. */
  variables(): Promise<Record<string, string | null>>;
  /** Runs a command of `keyfront` against this server, and gives what it printed. */
  run(...words: string[]): Promise<string>;

  /** Makes stores of these names with these pairs. One that is there keeps its other pairs. */
  seed(stores: Record<string, Record<string, string>>): Promise<void>;
  /** Saves what the server holds, in place of an earlier snapshot of that name. */
  save(name: string): Promise<void>;
  /** Undoes, in one step, all that changed since the snapshot was saved. */
  restore(name: string): Promise<void>;
  /** Goes back to how the server began: empty, or with its seed. */
  reset(): Promise<void>;

  /** Lets requests fail or be slow until the fault is removed, or used up. */
  fault(operation: string, fault: FaultKind, settings?: FaultSettings): Promise<Fault>;
  /** Lets requests fail or be slow while a block runs. */
  withFault<Result>(
    operation: string,
    fault: FaultKind,
    settings: FaultSettings,
    block: (fault: Fault) => Promise<Result> | Result,
  ): Promise<Result>;
  /** Removes all faults. */
  clearFaults(): Promise<void>;

  /** Sends a request to the admin address, and gives the JSON of its answer. */
  request(method: string, path: string, body?: unknown): Promise<any>;
}

/** The server of this worker of Vitest or Jest, which the global set-up started. */
export function keyfront(): Server;

/** The path of the program. */
export function findBinary(): string;

export interface Value {
  value: string;
  multiValue?: { value: string }[];
  attributes?: string;
}

export interface FunctionRequest {
  method: string;
  uri: string;
  headers: Record<string, Value>;
  querystring: Record<string, Value>;
  cookies: Record<string, Value>;
}

export interface FunctionResponse {
  statusCode: number;
  statusDescription?: string;
  headers?: Record<string, Value>;
  cookies?: Record<string, Value>;
  body?: string | { encoding: "text" | "base64"; data: string };
}

/** The event that a function is called with, as TestFunction takes it. */
export interface FunctionEvent {
  version: "1.0";
  context: Record<string, unknown>;
  viewer: { ip: string };
  request: FunctionRequest;
  response?: FunctionResponse;
}

export interface ViewerRequest {
  /** Default: GET. */
  method?: string;
  /** Default: /. */
  uri?: string;
  headers?: Record<string, string | string[] | Value>;
  querystring?: Record<string, string | string[] | Value>;
  cookies?: Record<string, string | string[] | Value>;
  /** The viewer's address. */
  ip?: string;
}

export interface RunOptions {
  /** Default: cloudfront-js-2.0. */
  runtime?: "cloudfront-js-1.0" | "cloudfront-js-2.0";
  /** The pairs of the key value store that the function reads. */
  pairs?: Record<string, string>;
  /** The id of that store; without it, it stands for whichever one the function names. */
  storeId?: string;
}

/** What became of an invocation. A function that failed has an `error` and neither request nor response. */
export interface FunctionResult {
  /** The request that the function passed on. */
  request?: FunctionRequest;
  /** The response that the function made or changed. */
  response?: FunctionResponse;
  /** Why it failed, or why an edge would refuse what it returned. */
  error?: string;
  stack: string[];
  logs: string[];
  /** Percent of the time that a function may take, as TestFunction tells it. */
  computeUtilization: number;
  storeReads: number;
}

/** Runs a function once: with a request line such as "GET /a?b=1", a viewer request, or a whole event. */
export function run(
  file: string,
  event: string | ViewerRequest | FunctionEvent,
  options?: RunOptions,
): Promise<FunctionResult>;

/** The event of a viewer request, as CloudFront hands it to a function. */
export function viewerRequest(request?: ViewerRequest): FunctionEvent;
