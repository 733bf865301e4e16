// Draws the pictures of the documents: node draw.mjs FOLDER [OUT]
//
// Each `.dot` file of FOLDER, in Graphviz's language, becomes an `.svg` beside it, or in OUT. All pictures have the style
// that stands here. Graphviz is the WebAssembly build of the package, so that every machine draws the same.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { instance } from "@viz-js/viz";

const [folder, out = folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error("usage: node draw.mjs FOLDER [OUT]");
  process.exit(2);
}

const style = {
  graphAttributes: {
    rankdir: "LR", bgcolor: "white", fontname: "Helvetica", fontsize: 11, pad: 0.2, nodesep: 0.35, ranksep: 0.6,
    labeljust: "l", color: "#8a94a6", fontcolor: "#49536b",
  },
  nodeAttributes: {
    shape: "box", style: "rounded,filled", fillcolor: "#f2f5fa", color: "#49536b", fontname: "Helvetica", fontsize: 12,
    margin: "0.18,0.1",
  },
  edgeAttributes: { color: "#49536b", fontcolor: "#49536b", fontname: "Helvetica", fontsize: 10, arrowsize: 0.7 },
};

const graphviz = await instance();
for (const name of readdirSync(folder).filter((name) => name.endsWith(".dot")).sort()) {
  const drawn = graphviz.render(readFileSync(join(folder, name), "utf8"), { format: "svg", ...style });
  if (drawn.status !== "success") {
    console.error(`${name}: ${drawn.errors.map((error) => error.message).join("; ")}`);
    process.exit(1);
  }
  writeFileSync(join(out, `${basename(name, ".dot")}.svg`), drawn.output);
}
