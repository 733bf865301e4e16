function handler(event) {
    console.log(event.response.headers.vary.multiValue.map((v) => v.value).join('+'));
    return event.response;
    return event.request;
}
