// For `globalTeardown` of Jest.
"use strict";

module.exports = require("../lib/pool.js").stopServers;
