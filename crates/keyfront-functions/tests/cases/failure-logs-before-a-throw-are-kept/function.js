function handler(event) {
    console.log('before');
    throw new Error('after');
    return event.request;
}
