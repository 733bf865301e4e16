// Answers every request with 503 while the store's key `maintenance` is there. Its value is the text for viewers.
import cf from 'cloudfront';

const store = cf.kvs();

async function handler(event) {
    if (!(await store.exists('maintenance'))) {
        return event.request;
    }
    return {
        statusCode: 503,
        headers: {
            'content-type': { value: 'text/plain; charset=utf-8' },
            'retry-after': { value: '600' },
            'cache-control': { value: 'no-store' },
        },
        body: await store.get('maintenance'),
    };
}
