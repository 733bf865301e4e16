// For `globalSetup` of Vitest: a server for each worker, until the run ends.
import os from "node:os";
import pool from "../lib/pool.js";

export default async function setup(project) {
  const { maxWorkers, root } = project.config;
  // The settings say nothing unless the project does: then Vitest leaves one processor to itself.
  const usual = Math.max(1, os.availableParallelism() - 1);
  await pool.startServers(root, maxWorkers ?? project.vitest?.config.maxWorkers ?? usual);
  return pool.stopServers;
}
