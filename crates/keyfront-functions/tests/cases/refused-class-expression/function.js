function handler(event) {
    const request = event.request;
    const Router = class { };
    return request;
}
