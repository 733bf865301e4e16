console.log('loading');
throw new Error('broken');

function handler(event) {
    return event.request;
}
