// For `setupFilesAfterEnv` of Jest: AWS clients reach this worker's server, which is put back after each test.
/* global afterAll, afterEach, beforeEach, expect */
"use strict";

const { matchers } = require("../lib/matchers.js");
const { pointClientsHere, putBack } = require("../lib/pool.js");

pointClientsHere();
putBack({ afterAll, afterEach, beforeEach });
expect.extend(matchers);
