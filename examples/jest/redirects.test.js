const admin = require("./keyfront/admin");
const { Redirects } = require("./redirects");

let redirects;

beforeAll(async () => {
  redirects = await Redirects.open("redirects");
});

test("a redirect is added", async () => {
  expect(await redirects.target("/offer")).toBeNull();
  expect(await redirects.add("/offer", "/spring")).toBe(true);
  expect(await redirects.target("/offer")).toBe("/spring");
});

test("a redirect that is there is left as it is", async () => {
  expect(await redirects.add("/old", "/elsewhere")).toBe(false);
  expect(await redirects.target("/old")).toBe("/new");
});

test("every test begins with the seed", async () => {
  expect(await redirects.target("/sale")).toBe("/summer");
  expect(await redirects.target("/offer")).toBeNull();
});

test.each([
  { Fault: "throttle", Count: 2 }, // the SDK tries again
  { Fault: "conflict", Count: 2 }, // the program reads the ETag again
  { Fault: "drop", Count: 1 }, // the write is done and its answer is lost
])("it gets over a $Fault", async (fault) => {
  await admin("POST", "/faults", { Operation: "PutKey", ...fault });
  expect(await redirects.add("/offer", "/spring")).toBe(true);
  expect(await admin("GET", "/faults")).toEqual([]); // it was met as often as it could be
  expect(await redirects.target("/offer")).toBe("/spring");
});

test("it gives up when there is no end to conflicts", async () => {
  await admin("POST", "/faults", { Operation: "PutKey", Fault: "conflict" });
  await expect(redirects.add("/offer", "/spring")).rejects.toThrow("Pre-Condition failed");
  expect(await redirects.target("/offer")).toBeNull();
});
