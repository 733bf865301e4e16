/** `import "keyfront/jest"` in a declaration file tells TypeScript of the matchers. */
import type { KeyfrontMatchers } from "../lib/matchers.js";

declare global {
  namespace jest {
    interface Matchers<R, T = {}> extends KeyfrontMatchers<R> {}
  }
}
