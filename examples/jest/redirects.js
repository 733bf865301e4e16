// A table of redirects in a CloudFront KeyValueStore.

const { CloudFront } = require("@aws-sdk/client-cloudfront");
const {
  CloudFrontKeyValueStore,
  ResourceNotFoundException,
  ValidationException,
} = require("@aws-sdk/client-cloudfront-keyvaluestore");
// SigV4A, which the data plane is signed with.
require("@aws-sdk/signature-v4a");

const ATTEMPTS = 3;

class Redirects {
  static async open(store) {
    const { KeyValueStore } = await new CloudFront().describeKeyValueStore({ Name: store });
    return new Redirects(KeyValueStore.ARN);
  }

  constructor(arn) {
    this.kvs = new CloudFrontKeyValueStore();
    this.arn = arn;
  }

  // Where a path leads, or null.
  async target(path) {
    try {
      return (await this.kvs.getKey({ KvsARN: this.arn, Key: path })).Value;
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return null;
      throw error;
    }
  }

  // Adds a redirect, unless the path has another already. Says whether the path leads to the target.
  async add(path, target) {
    for (let attempt = 1; ; attempt++) {
      const { ETag } = await this.kvs.describeKeyValueStore({ KvsARN: this.arn });
      const present = await this.target(path);
      if (present !== null) return present === target;
      try {
        await this.kvs.putKey({ KvsARN: this.arn, Key: path, Value: target, IfMatch: ETag });
        return true;
      } catch (error) {
        // Another has written since, or this very write was done and its answer was lost: look again.
        if (!(error instanceof ValidationException) || attempt === ATTEMPTS) throw error;
      }
    }
  }
}

module.exports = { Redirects };
