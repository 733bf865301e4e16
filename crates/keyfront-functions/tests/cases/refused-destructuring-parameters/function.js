function handler(event) {
    const request = event.request;
    const f = ({ uri }) => uri;
    return request;
}
