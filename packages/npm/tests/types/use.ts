// Type-checked and not run: what the types allow, and what they refuse.
import "keyfront/vitest";
import { CloudFrontClient } from "@aws-sdk/client-cloudfront";
import { expect } from "vitest";
import { keyfront, run, Server, viewerRequest } from "keyfront";

export async function use(): Promise<void> {
  const client: CloudFrontClient = keyfront().client(CloudFrontClient, { maxAttempts: 1 });
  // @ts-expect-error not an option of the client
  keyfront().client(CloudFrontClient, { attempts: 1 });
  // @ts-expect-error not a fault
  await keyfront().fault("PutKey", "throttled");
  await keyfront().withFault("PutKey", "error=NoSuchResource", { count: 1 }, async (fault) => await fault.hits());
  const server: Server = await Server.start({ seed: "seeds" });
  const result = await run("redirect.js", viewerRequest({ uri: "/a" }), { pairs: { a: "b" } });
  const status: number | undefined = result.response?.statusCode;
  await expect(result).toRedirectTo("/new", 301);
  // @ts-expect-error a location is a text
  await expect(result).toRedirectTo(301);
  void [client, server, status];
}
