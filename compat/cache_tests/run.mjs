// Runs the suite through the edge at the address of the first argument, and prints what came of each test: its id, its
// kind (required by HTTP, optimal for a cache, or only a check of what it does), and `pass`, `fail` or `setup` for one
// whose own conditions did not come about, with the reason.
import fetch from "node-fetch";
import { getResults, runTests } from "http-cache-tests/client/runner.mjs";
import suites from "http-cache-tests/tests/index.mjs";
import surrogate from "http-cache-tests/tests/surrogate-control.mjs";

const all = [...suites, surrogate];
await runTests(all, fetch, false, process.argv[2]);
const results = getResults();
const shown = {};
for (const test of all.flatMap((suite) => suite.tests)) {
  const result = results[test.id];
  if (result === undefined) continue;
  const [failure, reason] = result === true ? [] : result;
  const word = result === true ? "pass" : failure === "Setup" ? "setup" : "fail";
  shown[test.id] = { kind: test.kind ?? "required", result: word, reason: reason ?? "", name: test.name };
}
console.log(JSON.stringify(shown));
process.exit();
