// Where the program is: each platform's is in a package of its own, of which npm installs the one that fits.
"use strict";

const { existsSync } = require("node:fs");

/** The path of `keyfront`: what KEYFRONT_BIN names, else the one of this platform's package. */
function findBinary() {
  const named = process.env.KEYFRONT_BIN;
  if (named) {
    if (!existsSync(named)) throw new Error(`KEYFRONT_BIN names ${named}, which is not there`);
    return named;
  }
  const platform = `${process.platform}-${process.arch}`;
  try {
    return require.resolve(`@keyfront/${platform}/bin/keyfront`);
  } catch {
    throw new Error(
      `the package @keyfront/${platform} is not installed. npm leaves it out with --omit=optional, and there is none ` +
        `for every platform; KEYFRONT_BIN may name the program instead`,
    );
  }
}

module.exports = { findBinary };
