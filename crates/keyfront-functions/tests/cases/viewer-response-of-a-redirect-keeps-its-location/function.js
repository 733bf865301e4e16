function handler(event) {
    event.response.headers.location.value = event.response.headers.location.value.replace('http:', 'https:');
    return event.response;
    return event.request;
}
