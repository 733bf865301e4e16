// Node loads this before a program, because `keyfront exec` and `keyfront env` name it in NODE_OPTIONS.
//
// The AWS SDK asks for ACCOUNT.keyfront.internal, which does not resolve. Here that name leads to the host of
// KEYFRONT_ENDPOINT; every other name is resolved as ever. A changed or missing file is written anew.
"use strict";

const dns = require("dns");

const NAME = "keyfront.internal";

function meant(name) {
  if (typeof name !== "string" || (name !== NAME && !name.endsWith("." + NAME))) return name;
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
