function handler(event) {
    console.log(event.request.headers['x-name'].value.slice(0, 6));
    event.request.headers['x-echo'] = { value: event.request.headers['x-name'].value + '€' };
    return event.request;
}
