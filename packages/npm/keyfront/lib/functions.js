// Runs CloudFront Functions, in the sandbox of `keyfront fn run`, which needs no server.
"use strict";

const { execFile } = require("node:child_process");
const { mkdtemp, rm, writeFile } = require("node:fs/promises");
const { tmpdir } = require("node:os");
const path = require("node:path");
const { findBinary } = require("./binary.js");
const { ownEnvironment } = require("./server.js");

/** Runs a function once. */
async function run(file, event, { runtime, pairs, storeId } = {}) {
  const folder = await mkdtemp(path.join(tmpdir(), "keyfront-"));
  try {
    const words = ["fn", "run", path.resolve(file), "--output", "json"];
    if (typeof event === "string") {
      words.push("--request", event);
    } else {
      const name = path.join(folder, "event.json");
      await writeFile(name, JSON.stringify("request" in event ? event : viewerRequest(event)));
      words.push("--event", name);
    }
    if (runtime) words.push("--runtime", runtime);
    if (pairs) {
      const name = path.join(folder, "pairs.json");
      await writeFile(name, JSON.stringify(pairs));
      words.push("--kvs-file", name);
    }
    if (storeId) words.push("--kvs-id", storeId);
    return result(await output(words));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The event of a viewer request, as CloudFront hands it to a function. */
function viewerRequest({ method = "GET", uri = "/", headers = {}, querystring = {}, cookies = {}, ip = "192.0.2.1" } = {}) {
  return {
    version: "1.0",
    context: { eventType: "viewer-request" },
    viewer: { ip },
    request: {
      method,
      uri,
      headers: values(headers, (name) => name.toLowerCase()),
      querystring: values(querystring),
      cookies: values(cookies),
    },
  };
}

// "b" stands for {value: "b"}, and ["b", "c"] for a name that is there twice.
function values(given, key = (name) => name) {
  const one = (value) => (typeof value === "object" && value !== null && !Array.isArray(value) ? value : several(value));
  const several = (value) => {
    const [first, ...more] = [value].flat().map(String);
    const all = { value: first };
    if (more.length) all.multiValue = [first, ...more].map((each) => ({ value: each }));
    return all;
  };
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [key(name), one(value)]));
}

function output(words) {
  return new Promise((resolve, reject) => {
    execFile(findBinary(), words, { env: ownEnvironment() }, (error, stdout, stderr) => {
      // A function that failed is a result too, with exit code 1.
      if (error && !stdout) reject(new Error(stderr.trim() || error.message));
      else resolve(JSON.parse(stdout));
    });
  });
}

function result(told) {
  const { request, response } = told.FunctionOutput ?? {};
  return {
    request,
    response,
    error: told.FunctionErrorMessage || told.EdgeErrorMessage || undefined,
    stack: told.FunctionErrorStack ?? [],
    logs: told.FunctionExecutionLogs ?? [],
    computeUtilization: Number(told.ComputeUtilization),
    storeReads: told.StoreReads,
  };
}

module.exports = { run, viewerRequest };
