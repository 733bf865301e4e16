// For `globalSetup` of Jest: a server for each worker, until the run ends.
"use strict";

const { startServers } = require("../lib/pool.js");

module.exports = ({ maxWorkers, rootDir }, project) => startServers(rootDir ?? project.rootDir, maxWorkers);
