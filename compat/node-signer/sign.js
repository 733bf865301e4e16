// Signs what standard input asks for, a JSON list of {cookies, input}, and prints the list of results.
import { readFileSync } from "node:fs";
import { getSignedCookies, getSignedUrl } from "@aws-sdk/cloudfront-signer";

const wanted = JSON.parse(readFileSync(0, "utf8"));
const signed = wanted.map(({ cookies, input }) => (cookies ? getSignedCookies(input) : getSignedUrl(input)));
console.log(JSON.stringify(signed));
