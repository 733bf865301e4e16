let seen = [];

function handler(event) {
    seen.push(event.request.uri);
    console.log(seen.length);
    return event.request;
}
