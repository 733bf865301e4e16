// For `setupFiles` of Vitest: AWS clients reach this worker's server, which is put back after each test.
import { afterAll, afterEach, beforeEach, expect } from "vitest";
import functions from "../lib/matchers.js";
import pool from "../lib/pool.js";

pool.pointClientsHere();
pool.putBack({ afterAll, afterEach, beforeEach });
expect.extend(functions.matchers);
