async function handler(event) {
    await Promise.reject(new TypeError('rejected'));
    return event.request;
}
