function handler(event) {
    const h = event.request.headers.accept;
    console.log([h.value, h.multiValue.length, h.multiValue.map((v) => v.value).join('|'), typeof event.request.headers.host.multiValue].map(String).join(' '));
    return event.request;
}
