"""The command `keyfront fn`, and functions and events for it."""

from kvs_command import Kvs

REWRITE = """
function handler(event) {
    var request = event.request;
    console.log('saw ' + request.uri);
    request.uri = request.uri.replace(/\\/$/, '/index.html');
    request.headers['x-a'] = {value: 'b'};
    return request;
}
"""
READ = """
import cf from 'cloudfront';
async function handler(event) {
    const to = await cf.kvs().get(event.request.uri);
    return {statusCode: 302, headers: {location: {value: to}}};
}
"""
EVENT = {
    "version": "1.0",
    "context": {"eventType": "viewer-request"},
    "viewer": {"ip": "198.51.100.11"},
    "request": {"method": "GET", "uri": "/a/", "querystring": {}, "headers": {}, "cookies": {}},
}
PREFIX = "The CloudFront function associated with the CloudFront distribution is invalid or could not run. "


class Fn(Kvs):
    """Runs `keyfront fn`."""

    def command(self, *arguments):
        command = super().command(*arguments)
        command["args"][1] = "fn"
        return command


def make(fn, name):
    """Makes a folder, and gives its name."""
    (fn.folder / name).mkdir()
    return name
