var handler;
handler = function (event) {
    event.request.uri = '/variable';
    return event.request;
};
