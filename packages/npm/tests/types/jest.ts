// Type-checked and not run.
import "keyfront/jest";
import { run } from "keyfront";

export async function use(): Promise<void> {
  await expect(run("redirect.js", { uri: "/old" })).not.toRedirectTo("/new");
  // @ts-expect-error a URI is a text
  await expect(run("redirect.js", "GET /")).toPassOn(1);
}
