// The suite's own origin on a free port, whose address is the first line that it prints.
process.env.npm_config_protocol = "http";
process.env.npm_config_port = "0";
process.env.npm_config_pidfile = "/dev/null";
await import("http-cache-tests/server/server.mjs");
