const { run, viewerRequest } = require("keyfront");

const pairs = { "/old": "/new" };
const redirect = (event) => run("redirect.js", event, { pairs });

test("a redirect", async () => {
  await expect(redirect("GET /old?a=1")).toRedirectTo("/new");
  await expect(redirect({ uri: "/old" })).toRedirectTo("/new", 301);
  await expect(redirect({ uri: "/old" })).not.toRedirectTo("/new", 302);
  await expect(redirect({ uri: "/old" })).not.toRedirectTo("/elsewhere");
  await expect(redirect("GET /other")).not.toRedirectTo("/new");
  await expect(redirect("GET /old")).toHaveHeader("Location", /^\/n/);
});

test("a request that is passed on", async () => {
  const result = await redirect(viewerRequest({ uri: "/a/", headers: { Host: "example.com", "X-Many": ["1", "2"] } }));
  await expect(result).toPassOn();
  await expect(result).toPassOn("/a/index.html");
  await expect(result).not.toPassOn("/a/");
  await expect(result).toHaveHeader("X-Seen");
  await expect(result).toHaveHeader("x-seen", "yes");
  await expect(result).not.toHaveHeader("x-seen", "ye");
  await expect(result).not.toHaveHeader("x-absent");
  await expect(result).toLog(/^asked for \/a\/$/);
  await expect(result).not.toLog("nothing");
  expect(result.request.headers["x-many"].multiValue).toEqual([{ value: "1" }, { value: "2" }]);
  expect(result.storeReads).toBe(1);
});

test("an answer", async () => {
  await expect(redirect("GET /teapot")).toRespondWith(418);
  await expect(redirect("GET /teapot")).toRespondWith(418, "stout");
  await expect(redirect("GET /teapot")).not.toRespondWith(418, /^stout/);
  await expect(redirect("GET /teapot")).not.toPassOn();
});

test("a failure", async () => {
  await expect(redirect("GET /broken")).toFailWith("out of order");
  await expect(redirect("GET /broken")).not.toFailWith("something else");
  await expect(redirect("GET /broken")).not.toPassOn();
  await expect(redirect("GET /a")).not.toFailWith();
});

test("what a matcher says", async () => {
  await expect(expect(redirect("GET /old")).toRedirectTo("/x")).rejects.toThrow(
    'the function should redirect to "/x", and it answered with 301 and location "/new"',
  );
  await expect(expect(redirect("GET /a")).toFailWith()).rejects.toThrow('passed the request on, with GET "/a"');
  await expect(run("there-is-none.js", "GET /")).rejects.toThrow("there-is-none.js");
});
