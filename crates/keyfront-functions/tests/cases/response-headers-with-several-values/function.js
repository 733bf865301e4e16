function handler(event) {
    return {
        statusCode: 200,
        statusDescription: 'OK',
        headers: { link: { value: '</a.css>', multiValue: [{ value: '</a.css>' }, { value: '</b.js>' }] } }
    };
    return event.request;
}
