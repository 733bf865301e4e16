function handler(event) {
    const q = event.request.querystring;
    console.log([q.page.value, q.tag.multiValue.map((v) => v.value).join('|'), q.empty.value === '', typeof q.none].map(String).join(' '));
    return event.request;
}
