// Keyfront for Node: the program, servers for tests, and functions that run.
"use strict";

const { findBinary } = require("./binary.js");
const { run, viewerRequest } = require("./functions.js");
const { keyfront } = require("./pool.js");
const { AdminError, Fault, Server } = require("./server.js");

module.exports = { AdminError, Fault, Server, findBinary, keyfront, run, viewerRequest };
