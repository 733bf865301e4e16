/** `import "keyfront/vitest"` in a declaration file tells TypeScript of the matchers. */
import type { KeyfrontMatchers } from "../lib/matchers.js";

declare module "vitest" {
  interface Matchers<T = any> extends KeyfrontMatchers<T> {}
}
