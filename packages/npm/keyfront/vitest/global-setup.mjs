// For `globalSetup` of Vitest: a server for each worker, until the run ends.
import pool from "../lib/pool.js";

export default async function setup(project) {
  const { maxWorkers, root } = project.config;
  await pool.startServers(root, maxWorkers);
  return pool.stopServers;
}
