// Bundles a function with esbuild and lowers it with SWC, both of the project that the function belongs to. Node reads this
// from its standard input; the argument is JSON. What it made goes to standard output as JSON.

const { readFileSync } = require("node:fs");
const { createRequire } = require("node:module");

const { entry, minify, lowerAsync } = JSON.parse(process.argv[2]);

function load(name) {
  try {
    return createRequire(entry)(name);
  } catch (error) {
    if (error.code !== "MODULE_NOT_FOUND") throw error;
    return undefined;
  }
}

const esbuild = load("esbuild");
const swc = load("@swc/core");

// What CloudFront's engine does not have. SWC writes it in older words.
const LOWERED = [
  "transform-class-properties", "transform-class-static-block", "transform-private-methods",
  "transform-private-property-in-object", "transform-classes", "transform-for-of", "transform-destructuring",
  "transform-spread", "transform-parameters", "transform-object-rest-spread", "transform-optional-chaining",
  "transform-optional-catch-binding", "transform-logical-assignment-operators", "transform-block-scoping",
  "transform-regenerator",
];
// The engine has no iterators of a program's own and no WeakMap, so lists are lists and private members are members.
const ASSUMED = {
  arrayLikeIsIterable: true, iterableIsArray: true, ignoreFunctionLength: true, ignoreFunctionName: true,
  privateFieldsAsProperties: true, setClassMethods: true, setPublicClassFields: true,
  setSpreadProperties: true, skipForOfIteratorClosing: true, noClassCalls: true, objectRestNoSymbols: true,
  pureGetters: true, noNewArrows: true, constantSuper: true, superIsCallableConstructor: true,
};
const UNSUPPORTED = [
  "array-spread", "class", "class-field", "class-private-field", "default-argument", "destructuring", "for-of",
  "generator", "logical-assignment", "object-rest-spread", "optional-catch-binding", "optional-chain", "bigint",
];

function lower(path) {
  const source = readFileSync(path, "utf8");
  const isTypescript = /\.[cm]?tsx?$/.test(path);
  // Without an export, the bundler would take the handler for unused.
  const exported = path === entry && !/^\s*export\b/m.test(source) ? "\nexport { handler };" : "";
  const { code } = swc.transformSync(source + exported, {
    filename: path, configFile: false, swcrc: false, sourceMaps: "inline", inlineSourcesContent: true, isModule: true,
    jsc: {
      parser: isTypescript ? { syntax: "typescript", decorators: true } : { syntax: "ecmascript" },
      assumptions: ASSUMED, externalHelpers: false,
    },
    env: {
      targets: { node: "20" }, loose: true,
      include: lowerAsync ? [...LOWERED, "transform-async-to-generator"] : LOWERED,
    },
    module: { type: "es6" },
  });
  return { contents: code, loader: "js" };
}

/** The code without its exports: CloudFront calls what is named handler. */
function withHandler(code) {
  const exports = /export\s*\{([^}]*)\};?\s*$/.exec(code);
  if (!exports) return code;
  const named = exports[1].split(",").map((one) => one.trim().split(/\s+as\s+/)).filter(([name]) => name !== "");
  const find = (wanted) => named.find((names) => names[names.length - 1] === wanted);
  const found = find("handler") ?? find("default");
  const before = code.slice(0, exports.index);
  if (!found || found[0] === "handler") return before;
  return `${before}var handler = ${found[0]};\n`;
}

async function main() {
  const missing = [["esbuild", esbuild], ["@swc/core", swc]].filter(([, found]) => !found).map(([name]) => name);
  if (missing.length > 0) return { missing };
  const result = await esbuild.build({
    entryPoints: [entry], bundle: true, write: false, outfile: "function.js", sourcemap: "external", format: "esm",
    platform: "neutral", mainFields: ["module", "main"], target: "es2022", charset: "utf8", legalComments: "none",
    external: ["cloudfront", "crypto", "querystring", "buffer"], logLevel: "silent",
    minifyWhitespace: minify, minifySyntax: minify,
    supported: Object.fromEntries(UNSUPPORTED.map((feature) => [feature, false])),
    plugins: [{
      name: "lower",
      setup(build) {
        build.onLoad({ filter: /\.[cm]?[jt]sx?$/ }, ({ path }) => lower(path));
      },
    }],
  });
  const [map, code] = ["function.js.map", "function.js"].map(
    (name) => result.outputFiles.find(({ path }) => path.endsWith(name)).text,
  );
  return { code: withHandler(code), map: JSON.parse(map) };
}

main().then(
  (made) => process.stdout.write(JSON.stringify(made)),
  (error) => process.stdout.write(JSON.stringify({ failed: error.message })),
);
