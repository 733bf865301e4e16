function handler(event) {
    console.log([event.request.headers.accept.value.split(',').length, typeof event.request.headers.accept.multiValue].map(String).join(' '));
    return event.request;
}
