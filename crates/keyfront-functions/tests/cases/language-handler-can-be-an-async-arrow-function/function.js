const handler = async (event) => {
    event.request.uri = await Promise.resolve('/async-arrow');
    return event.request;
};
