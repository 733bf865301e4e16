#!/usr/bin/env node
// Runs the program with the arguments and the terminal of this process, and ends as it ends.
"use strict";

const { spawn } = require("node:child_process");
const { findBinary } = require("../lib/binary.js");

let program;
try {
  program = findBinary();
} catch (error) {
  console.error(`keyfront: ${error.message}`);
  process.exit(127);
}
const child = spawn(program, process.argv.slice(2), { stdio: "inherit" });
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"]) {
  // A terminal sends them to both processes; a service manager sends them to this one alone.
  process.on(signal, () => child.kill(signal));
}
child.on("error", (error) => {
  console.error(`keyfront: ${program} cannot be run: ${error.message}`);
  process.exit(126);
});
child.on("exit", (code, signal) => {
  if (signal === null) process.exit(code);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
});
