const handler = { request: true };
