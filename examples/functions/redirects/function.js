// Sends old paths on to new ones, as a key value store says. A key is a path; a value is where it leads, with 302 in
// front where the move is not for good: "302 /summer".
import cf from 'cloudfront';

const store = cf.kvs();

async function handler(event) {
    const request = event.request;
    if (!(await store.exists(request.uri))) {
        return request;
    }
    const value = await store.get(request.uri);
    const temporary = value.startsWith('302 ');
    return {
        statusCode: temporary ? 302 : 301,
        headers: { location: { value: temporary ? value.slice(4) : value } },
    };
}
