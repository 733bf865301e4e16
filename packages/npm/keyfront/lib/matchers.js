// Matchers for what a function returns: `await expect(run("redirect.js", "GET /old")).toRedirectTo("/new")`.
//
// Each takes the result of `run`, or the promise of it, and so each is awaited.
"use strict";

const REDIRECTS = [301, 302, 303, 307, 308];

const header = (message, name) => message?.headers?.[name.toLowerCase()]?.value;
const fits = (expected, text) => (expected instanceof RegExp ? expected.test(text) : text.includes(expected));
const shown = (value) => JSON.stringify(value);

/** What became of an invocation, in a few words. */
function outcome({ error, response, request }) {
  if (error !== undefined) return `it failed: ${error}`;
  if (response) {
    const to = header(response, "location");
    return `it answered with ${response.statusCode}${to === undefined ? "" : ` and location ${shown(to)}`}`;
  }
  return `it passed the request on, with ${request?.method} ${shown(request?.uri)}`;
}

const matcher = (check) =>
  async function (received, ...expected) {
    const { pass, wanted, saw } = check(await received, ...expected);
    return {
      pass: Boolean(pass),
      message: () => `the function should ${this.isNot ? "not " : ""}${wanted}, and ${saw}`,
    };
  };

const matchers = {
  toRedirectTo: matcher((result, location, status) => {
    const { response } = result;
    const is = REDIRECTS.includes(response?.statusCode) && (status === undefined || response.statusCode === status);
    return {
      pass: is && header(response, "location") === location,
      wanted: `redirect to ${shown(location)}${status === undefined ? "" : ` with ${status}`}`,
      saw: outcome(result),
    };
  }),

  toRespondWith: matcher((result, status, body) => {
    const { response } = result;
    const data = typeof response?.body === "string" ? response.body : response?.body?.data;
    return {
      pass: response?.statusCode === status && (body === undefined || fits(body, data ?? "")),
      wanted: `answer with ${status}${body === undefined ? "" : ` and the body ${body}`}`,
      saw: outcome(result) + (body === undefined ? "" : `; its body is ${shown(data)}`),
    };
  }),

  toPassOn: matcher((result, uri) => ({
    pass: result.error === undefined && result.request && (uri === undefined || result.request.uri === uri),
    wanted: `pass the request on${uri === undefined ? "" : ` as ${shown(uri)}`}`,
    saw: outcome(result),
  })),

  toHaveHeader: matcher((result, name, value) => {
    const found = header(result.response ?? result.request, name);
    return {
      // A text is the whole value; a regular expression need only match.
      pass: found !== undefined && (value === undefined || (value instanceof RegExp ? value.test(found) : found === value)),
      wanted: `give the header ${name}${value === undefined ? "" : ` the value ${value}`}`,
      saw: result.error === undefined ? `it is ${found === undefined ? "absent" : shown(found)}` : outcome(result),
    };
  }),

  toLog: matcher((result, text) => ({
    pass: result.logs.some((line) => fits(text, line)),
    wanted: `log ${text}`,
    saw: `it logged ${shown(result.logs)}`,
  })),

  toFailWith: matcher((result, text) => ({
    pass: result.error !== undefined && (text === undefined || fits(text, result.error)),
    wanted: `fail${text === undefined ? "" : ` with ${text}`}`,
    saw: outcome(result),
  })),
};

module.exports = { matchers };
