var versions = { v1: '/2023-01', v2: '/2024-01' };

function handler(event) {
    var request = event.request;
    request.uri = request.uri.replace(/^\/(v\d+)(?=\/)/, function (all, v) {
        return versions.hasOwnProperty(v) ? versions[v] : all;
    });
    return request;
}
