// Node loads this before a program, because `keyfront exec` and `keyfront env` name it in NODE_OPTIONS.
//
// The AWS SDK asks for ACCOUNT.keyfront.internal, which does not resolve. Here that name leads to the host of
// KEYFRONT_ENDPOINT; every other name is resolved as ever. A changed or missing file is written anew.
"use strict";

const dns = require("dns");

const NAME = "keyfront.internal";

// Set by `keyfront exec --strict-network`. Node's SDKs follow no proxy, so the names of AWS end here.
const STRICT = process.env.KEYFRONT_STRICT_NETWORK === "1";
const AWS = /(^|\.)(amazonaws\.com(\.cn)?|amazonaws\.eu|api\.aws|on\.aws|aws\.dev|aws\.amazon\.com|awsapps\.com)\.?$/i;

function meant(name) {
  if (typeof name !== "string") return name;
  if (STRICT && AWS.test(name)) {
    process.stderr.write(`keyfront: --strict-network refused a connection to ${name}, which is AWS\n`);
    return "refused-by-keyfront-strict-network.invalid";
  }
  if (name !== NAME && !name.endsWith("." + NAME)) return name;
  try {
    return new URL(process.env.KEYFRONT_ENDPOINT).hostname.replace(/^\[|\]$/g, "");
  } catch (_notAUrl) {
    return name;
  }
}

for (const resolver of [dns, dns.promises]) {
  const lookup = resolver.lookup;
  const replacement = function (name, ...rest) {
    return lookup.call(this, meant(name), ...rest);
  };
  // util.promisify finds at the function how its result is to be shown.
  resolver.lookup = Object.defineProperties(replacement, Object.getOwnPropertyDescriptors(lookup));
}
require("module").syncBuiltinESMExports();

// Version 2 of the SDK does not read the environment that leads here.
const Module = require("module");
const load = Module._load;
let told = false;
Module._load = function (request, ...rest) {
  if (!told && typeof request === "string" && /^aws-sdk(\/|$)/.test(request)) {
    told = true;
    process.stderr.write(
      "keyfront: the program loads version 2 of the AWS SDK for JavaScript, which ignores AWS_ENDPOINT_URL_*: it calls " +
        "AWS and not this server, unless it is given an endpoint; --strict-network makes sure that it cannot\n",
    );
  }
  return load.call(this, request, ...rest);
};
