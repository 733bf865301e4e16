// After each test the server has no faults, and the pairs of `seeds` again.

const admin = require("./admin");

afterEach(async () => {
  await admin("DELETE", "/faults");
  await admin("POST", "/reset");
});
