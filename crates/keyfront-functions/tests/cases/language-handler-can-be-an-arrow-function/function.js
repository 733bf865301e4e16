const handler = (event) => {
    event.request.uri = '/arrow';
    return event.request;
};
