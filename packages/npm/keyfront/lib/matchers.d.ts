/** Matchers for what `run` gives, or for the promise of it. Each is awaited. */
export interface KeyfrontMatchers<Result = unknown> {
  /** The function answers with a redirect to this location, and with this status if one is given. */
  toRedirectTo(location: string, status?: number): Promise<Result>;
  /** The function answers with this status, and with a body that contains or matches `body` if one is given. */
  toRespondWith(status: number, body?: string | RegExp): Promise<Result>;
  /** The function passes the request on, with this URI if one is given. */
  toPassOn(uri?: string): Promise<Result>;
  /** The response, or the request that is passed on, has this header; a text is its whole value. */
  toHaveHeader(name: string, value?: string | RegExp): Promise<Result>;
  /** One of the lines that the function logs contains or matches this. */
  toLog(text: string | RegExp): Promise<Result>;
  /** The function fails, or an edge refuses what it returns; the reason contains or matches this. */
  toFailWith(text?: string | RegExp): Promise<Result>;
}

/** For `expect.extend`, which the set-ups call. */
export const matchers: { [Name in keyof KeyfrontMatchers]: (received: unknown, ...expected: any[]) => Promise<any> };
